package io.mailgenius.engine.settings;

/** The roles of a node; one node may have all of them. */
public enum Role {
    /** Serves HTTP. */
    API,
    /** Runs jobs: starts, enumerates and ends them. */
    MANAGER,
    /** Processes chunks. */
    WORKER
}
