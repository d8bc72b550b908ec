"""Protocol between the window and the engine processes: messages, shared-memory ring. No torch, no Qt."""
