package io.mailgenius.engine.settings;

/** What a node does; one node may have all roles. */
public enum Role {
    /** Answers HTTP. */
    API,
    /** Runs jobs: enumerates chunks and waits for them. */
    MANAGER,
    /** Works chunks off. */
    WORKER
}
