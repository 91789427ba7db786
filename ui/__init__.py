"""What the citizen sees and touches: Qt Quick, drawing and asking only."""
