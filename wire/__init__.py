"""The words both sides share: ids, messages, tokens, canonical bytes. Standard library and pydantic only."""
