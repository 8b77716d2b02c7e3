package io.mailgenius.jobs.imports;

/** What a column of the file becomes. */
sealed interface Column {

    /** A column of the contact's own. */
    record Field(ContactField field) implements Column {}

    /** A custom attribute. */
    record Attribute(String name) implements Column {}

    /** Nothing: the column is passed over. */
    record Ignored() implements Column {}
}
