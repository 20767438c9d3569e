package db

// ServerPID is the process that looks after the embedded PostgreSQL, for tests that kill it.
func (e *Embedded) ServerPID() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.server.command.Process.Pid
}

// PostmasterPID is PostgreSQL itself.
func (e *Embedded) PostmasterPID() int { return postmasterPID(e.setup.data()) }
