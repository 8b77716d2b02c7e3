package io.mailgenius.jobs.imports.columns;

/** What a column of the file becomes. */
public sealed interface Column {

    /** A column of the contact's own. */
    record Field(ContactField field) implements Column {}

    /** A custom attribute. */
    record Attribute(String name) implements Column {}

    /** Who does not want mail. There may be several, and the least willing word counts. */
    record Status() implements Column {}

    /** Nothing: the column is passed over. */
    record Ignored() implements Column {}
}
