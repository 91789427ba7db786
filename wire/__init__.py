"""The words both sides share: messages, codes, canonical encoding; standard library and pydantic only."""
