package io.mailgenius.jobs.imports;

import static io.mailgenius.jobs.imports.AwkwardFile.bytes;
import static io.mailgenius.jobs.imports.AwkwardFile.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/** Delimited files as programs export them and people change them, beside {@link AwkwardFiles}. */
final class DelimitedFiles {

    private static final String A = "a@example.com";
    private static final String B = "b@example.com";

    private DelimitedFiles() {}

    static List<AwkwardFile> all() {
        List<AwkwardFile> all = new ArrayList<>();
        all.addAll(preambles());
        all.addAll(marks());
        all.addAll(widths());
        all.addAll(columns());
        all.addAll(encodings());
        return all;
    }

    private static List<AwkwardFile> preambles() {
        String table = "Nome;E-mail;Cidade\nAna;a@example.com;Ulm\n;nobody;\n";
        return List.of(
                text("a title before the header", "Clientes\n\n" + table)
                        .creates(1, 1)
                        .has(A, "city", "Ulm")
                        .rejects("5;E-mail;no @"),
                text("comments before the header", "# of today\n# a;b;c\n" + table)
                        .creates(1, 1)
                        .rejects("5;E-mail;no @"),
                text(
                                "a note with an address before the header",
                                "Responsável:;boss@example.com\n\n" + table)
                        .creates(1, 1)
                        .has(A, "city", "Ulm")
                        .rejects("5;E-mail;no @"),
                text("a title with a quote that is never closed", "\"Clientes\n" + table)
                        .creates(1, 1)
                        .rejects("4;E-mail;no @"),
                text("a title in a file of old Macs", ("Clientes\n\n" + table).replace('\n', '\r'))
                        .creates(1, 1)
                        .rejects("5;E-mail;no @"),
                text(
                                "a header over several lines",
                                "Clientes\n\"Nome\ncompleto\";\"E-\nmail\"\nAna;a@example.com\nx;y\n")
                        .creates(1, 1)
                        .has(A, "attributes ->> 'Nome completo'", "Ana")
                        .rejects("6;E- mail;no @"),
                text("a title and no header", "Clientes\na@example.com;Ulm\nb@example.com;Bonn\n")
                        .creates(2, 0)
                        .has(B, "attributes ->> 'column2'", "Bonn"),
                text("a title and nothing else", "Clientes\n\n").isRefused("import-has-no-rows"),
                text("a title and a header and nothing else", "Clientes\n\nemail;city\n\n")
                        .isRefused("import-has-no-rows"));
    }

    private static List<AwkwardFile> marks() {
        return List.of(
                text("two byte order marks", "\uFEFF\uFEFFemail,city\na@example.com,Ulm\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text("a byte order mark in quotes", "\"\uFEFFemail\",city\na@example.com,Ulm\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text(
                                "a byte order mark after sep=",
                                "sep=;\n\uFEFF\"email\";\"city\"\na@example.com;Ulm\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text(
                                "files that were put together",
                                "\uFEFF\"email\",city\n\"a@example.com\",Ulm\n\uFEFF\"b@example.com\",\"Bonn\"\n\uFEFF\"x\",\"y\"\n\uFEFF\n")
                        .creates(2, 1)
                        .has(B, "city", "Bonn")
                        .rejects("4,email,no @,\"x\",\"y\""),
                text(
                                "invisible blanks around names and values",
                                "\u00A0email\u200B,\u2003city\u2060\n\u2060a@example.com\uFEFF,\u00A0Ulm\u200E\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text("lines of blanks", "email,city\n  \na@example.com,Ulm\n\t\n\u00A0\n\u001A")
                        .creates(1, 0),
                text("lines of blanks in a file of one column", "email\n \na@example.com\n\u00A0\n")
                        .creates(1, 0));
    }

    private static List<AwkwardFile> widths() {
        return List.of(
                text(
                                "cells left out at the end",
                                "email,city,plan,note\na@example.com\nb@example.com,Bonn\nc@example.com,Ulm,pro\n")
                        .creates(3, 0)
                        .has(A, "city", null)
                        .has(B, "city", "Bonn")
                        .has("c@example.com", "attributes", "{\"plan\": \"pro\"}"),
                text(
                                "cells too many that are empty",
                                "email,city\na@example.com,Ulm,,,\nb@example.com,Bonn, ,\u00A0,\"\"\n")
                        .creates(2, 0)
                        .has(B, "city", "Bonn"),
                text(
                                "a cell too many that is filled",
                                "email,city\na@example.com,Ulm,,x\nb@example.com,Bonn,\"\",\"\"\"\"\n")
                        .creates(0, 2)
                        .rejects(
                                "2,,\"the row has 4 columns, the header 2\",a@example.com,Ulm,,x",
                                "3,,\"the row has 4 columns, the header 2\""),
                text("the address left out", "city,email\nUlm,a@example.com\nBonn\n")
                        .creates(1, 1)
                        .rejects("3,email,it is empty,Bonn"),
                text(
                                "rows of different widths without a header",
                                "a@example.com\nb@example.com;Bonn;x\nc@example.com;Ulm\n")
                        .creates(3, 0)
                        .has(B, "attributes ->> 'column3'", "x"),
                text("a header with separators at its end", "email;city;;\na@example.com;Ulm\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"));
    }

    private static List<AwkwardFile> columns() {
        return List.of(
                text("two columns of addresses", "email,E-Mail\na@example.com,b@example.com\n")
                        .creates(1, 0)
                        .has(A, "attributes ->> 'E-Mail'", "b@example.com"),
                text(
                                "two columns for one field",
                                "E-mail;Nome;Primeiro Nome;Telefone;Celular\na@example.com;Ana;Ana Maria;1x;2x\n")
                        .creates(1, 0)
                        .has(A, "first_name", "Ana")
                        .has(A, "phone", "1x")
                        .has(
                                A,
                                "attributes",
                                "{\"Celular\": \"2x\", \"Primeiro Nome\": \"Ana Maria\"}"),
                text("a name that is there twice", "email,note,note\na@example.com,x,y\n")
                        .creates(1, 0)
                        .has(A, "attributes", "{\"note\": \"x\", \"note 2\": \"y\"}"),
                text(
                                "no name for the addresses",
                                "Quem,Onde\nAna,a@example.com\nBob,b@example.com\n")
                        .creates(2, 0)
                        .has(A, "attributes", "{\"Quem\": \"Ana\"}"),
                text(
                                "no name for the addresses of two columns",
                                "Cliente,Vendedor\na@example.com,b@example.com\n")
                        .with("{'header': true}")
                        .isRefused("import-has-no-email-column"),
                text(
                                "a column without a name that is full of addresses",
                                "Quem,,Onde\nAna,a@example.com,Ulm\nBob,b@example.com,Bonn\n")
                        .creates(2, 0)
                        .has(B, "attributes", "{\"Onde\": \"Bonn\", \"Quem\": \"Bob\"}"),
                text(
                                "options for names with other accents and blanks",
                                "email,\u00A0Prac\u0327a \na@example.com,1\n")
                        .with(
                                "{'mapping': {'Praça': 'attributes.Prac\u0327a'}, 'types': {' Praça': 'text'}}")
                        .creates(1, 0)
                        .has(A, "attributes", "{\"Praça\": \"1\"}"),
                text(
                                "an export of Shopify",
                                "Customer ID,First Name,Last Name,Email,Default Address Company,Default Address City,Default Address Country Code,Default Address Phone,Phone,Total Spent\n123,Ana,Lima,a@example.com,,Santos,BR,'+55 1,'+55 2,10.00\n")
                        .creates(1, 0)
                        .has(A, "city", "Santos")
                        .has(A, "country", "BR")
                        .has(A, "last_name", "Lima"));
    }

    private static List<AwkwardFile> encodings() {
        String accents = "email;city\na@example.com;São Paulo\nb@example.com;Köln\n";
        return List.of(
                text("MacRoman", Charset.forName("x-MacRoman"), accents.replace('\n', '\r'))
                        .creates(2, 0)
                        .has(A, "city", "São Paulo")
                        .has(B, "city", "Köln"),
                text("the code page of DOS", Charset.forName("IBM850"), accents)
                        .creates(2, 0)
                        .has(A, "city", "São Paulo"),
                text("UTF-32 with a mark", Charset.forName("UTF-32LE"), "\uFEFF" + accents)
                        .creates(2, 0)
                        .has(B, "city", "Köln"),
                bytes(
                                "Windows-1252 that begins beyond the first megabyte",
                                ("email;city\n" + "\n".repeat(1_200_000) + "a@example.com;Köln\n")
                                        .getBytes(Charset.forName("windows-1252")))
                        .creates(1, 0)
                        .has(A, "city", "Köln"),
                bytes(
                                "a mark that was read as Windows-1252",
                                ("\u00EF\u00BB\u00BF" + accents).getBytes(UTF_8))
                        .creates(2, 0)
                        .has(A, "city", "São Paulo"));
    }
}
