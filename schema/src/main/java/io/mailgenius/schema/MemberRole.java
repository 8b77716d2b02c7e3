package io.mailgenius.schema;

/** What a person is in a workspace. */
public enum MemberRole {
    OWNER,
    ADMIN,
    EDITOR,
    ANALYST,
    OPERATOR,
    VIEWER
}
