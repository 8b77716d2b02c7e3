package io.mailgenius.console.host;

/** What a person may do in the console; the application decides who has which. */
public enum Right {
    SEE_JOBS,
    OPERATE_JOBS,
    SEE_NODES,
    OPERATE_NODES
}
