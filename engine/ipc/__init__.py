"""Protocol between the window and the engine: messages, shared-memory ring. No torch, no Qt."""
