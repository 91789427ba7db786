"""What a service is: items, guide, materials, forms, packages, versions; pure, shared by terminal and central."""
