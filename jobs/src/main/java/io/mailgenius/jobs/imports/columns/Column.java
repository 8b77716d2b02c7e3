package io.mailgenius.jobs.imports.columns;

/** What a column of the file becomes. */
public sealed interface Column {

    /** A column of the contact's own. */
    record Field(ContactField field) implements Column {}

    /** A custom attribute. */
    record Attribute(String name) implements Column {}

    /** The contact's status. There may be several such columns; the lowest status counts. */
    record Status() implements Column {}

    /** Nothing: the column is ignored. */
    record Ignored() implements Column {}
}
