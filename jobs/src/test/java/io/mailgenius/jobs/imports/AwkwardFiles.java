package io.mailgenius.jobs.imports;

import static io.mailgenius.jobs.imports.AwkwardFile.bytes;
import static io.mailgenius.jobs.imports.AwkwardFile.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** The table of files that people have. */
final class AwkwardFiles {

    private static final Charset WESTERN = Charset.forName("windows-1252");
    private static final String A = "a@example.com";
    private static final String B = "b@example.com";
    private static final String PLAIN = "email,city\na@example.com,Ulm\nb@example.com,Bonn\n";

    private AwkwardFiles() {}

    static List<AwkwardFile> all() {
        List<AwkwardFile> all = new ArrayList<>();
        all.addAll(encodings());
        all.addAll(separators());
        all.addAll(lineEnds());
        all.addAll(quotes());
        all.addAll(headers());
        all.addAll(rows());
        all.addAll(addresses());
        all.addAll(values());
        all.addAll(packed());
        all.addAll(spreadsheets());
        all.addAll(refused());
        all.addAll(DelimitedFiles.all());
        return all;
    }

    private static List<AwkwardFile> encodings() {
        String accents = "email,city\na@example.com,São Paulo\nb@example.com,Köln\n";
        return List.of(
                text("UTF-8", accents).creates(2, 0).has(A, "city", "São Paulo"),
                text("UTF-8 with a byte order mark", "\uFEFF" + accents)
                        .creates(2, 0)
                        .has(B, "city", "Köln"),
                text("UTF-16 little-endian with a mark", UTF_16LE, "\uFEFF" + accents)
                        .creates(2, 0)
                        .has(A, "city", "São Paulo"),
                text("UTF-16 little-endian without a mark", UTF_16LE, accents)
                        .creates(2, 0)
                        .has(A, "city", "São Paulo"),
                text("UTF-16 big-endian with a mark", UTF_16BE, "\uFEFF" + accents)
                        .creates(2, 0)
                        .has(B, "city", "Köln"),
                text("UTF-16 big-endian without a mark", UTF_16BE, accents)
                        .creates(2, 0)
                        .has(B, "city", "Köln"),
                text("Windows-1252", WESTERN, "email,city\na@example.com,Café “Zürich” €\n")
                        .creates(1, 0)
                        .has(A, "city", "Café “Zürich” €"),
                text("Latin-1", ISO_8859_1, accents).creates(2, 0).has(A, "city", "São Paulo"),
                text("Latin-1 in the header", ISO_8859_1, "e-mail,país\na@example.com,Brasil\n")
                        .creates(1, 0)
                        .has(A, "country", "Brasil"),
                text(
                                "an encoding that is told",
                                Charset.forName("ISO-8859-2"),
                                "email,city\na@example.com,Łódź\n")
                        .with("{'encoding': 'iso-8859-2'}")
                        .creates(1, 0)
                        .has(A, "city", "Łódź"),
                bytes(
                                "a Latin-1 row in a UTF-8 file",
                                joined(
                                        "email,city\na@example.com,Köln\nb@example.com,K",
                                        (byte) 0xF6,
                                        "ln\n"))
                        .creates(1, 1)
                        .rejects("3,,the row is not UTF-8 text"),
                bytes(
                                "a Windows-1252 byte without a meaning",
                                joined(
                                        "email,city\na@example.com,K",
                                        (byte) 0x81,
                                        "ln\nb@example.com,K",
                                        (byte) 0xF6,
                                        "ln\n"))
                        .creates(1, 1)
                        .has(B, "city", "Köln")
                        .rejects("2,,the row is not UTF-8 text"),
                text("an emoji and other scripts", "email,city\na@example.com,😀 東京\n")
                        .creates(1, 0)
                        .has(A, "city", "😀 東京"),
                text("an emoji in UTF-16", UTF_16LE, "\uFEFFemail,city\na@example.com,😀\n")
                        .creates(1, 0)
                        .has(A, "city", "😀"));
    }

    private static List<AwkwardFile> separators() {
        return List.of(
                text("commas", PLAIN).creates(2, 0).has(B, "city", "Bonn"),
                text("semicolons", PLAIN.replace(',', ';')).creates(2, 0).has(B, "city", "Bonn"),
                text("tabs", PLAIN.replace(',', '\t')).creates(2, 0).has(B, "city", "Bonn"),
                text("bars", PLAIN.replace(',', '|')).creates(2, 0).has(B, "city", "Bonn"),
                text(
                                "semicolons with commas in the header",
                                "email;nome, completo, do cliente;cidade\na@example.com;x;Ulm\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text(
                                "semicolons with decimal commas",
                                "email;score;city\na@example.com;1,5;Ulm\nb@example.com;2,5;Bonn\n")
                        .with("{'types': {'score': 'number'}}")
                        .creates(2, 0)
                        .has(A, "attributes ->> 'score'", "1.5"),
                text("Excel's sep= line", "sep=;\r\nemail;city\r\na@example.com;Ulm, Donau\r\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm, Donau"),
                text(
                                "Excel's sep= line against what the rows look like",
                                "sep=;\nemail;a,b,c\na@example.com;x,y,z\nb@example.com;x,y,z\n")
                        .creates(2, 0)
                        .has(A, "attributes", "{\"a,b,c\": \"x,y,z\"}"),
                text("Excel's sep= line names a bar", "SEP=|\nemail|city\na@example.com|Ulm\nx|y\n")
                        .creates(1, 1)
                        .rejects("4|email|"),
                text("a separator that is told", "email,x|city\na@example.com|Ulm\n")
                        .with("{'delimiter': '|', 'mapping': {'email,x': 'email'}}")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text("one column", "email\na@example.com\nb@example.com\n").creates(2, 0));
    }

    private static List<AwkwardFile> lineEnds() {
        return List.of(
                text("line ends of Windows", PLAIN.replace("\n", "\r\n"))
                        .creates(2, 0)
                        .has(B, "city", "Bonn"),
                text("line ends of old Macs", PLAIN.replace("\n", "\r"))
                        .creates(2, 0)
                        .has(B, "city", "Bonn"),
                text(
                                "line ends of all kinds",
                                "email,city\r\na@example.com,Ulm\rb@example.com,Bonn\nx\n")
                        .creates(2, 1)
                        .rejects("4,email,no @,x"),
                text("no end of the last line", PLAIN.strip()).creates(2, 0).has(B, "city", "Bonn"),
                text("empty lines between", "\n\nemail,city\n\na@example.com,Ulm\n\n\nx,Bonn\n\n")
                        .creates(1, 1)
                        .rejects("8,email,"),
                text("lines of separators alone", "email,city\na@example.com,Ulm\n,\n,\n")
                        .creates(1, 2)
                        .rejects("3,email,it is empty", "4,email,it is empty"));
    }

    private static List<AwkwardFile> quotes() {
        return List.of(
                text("quotes around everything", "\"email\",\"city\"\n\"a@example.com\",\"Ulm\"\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text("doubled quotes", "email,city\na@example.com,\"the \"\"Ulm\"\" one\"\n")
                        .creates(1, 0)
                        .has(A, "city", "the \"Ulm\" one"),
                text("a separator in quotes", "email,city\na@example.com,\"Ulm, Donau\"\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm, Donau"),
                text(
                                "line breaks in quotes",
                                "email,note\na@example.com,\"one\ntwo\r\nthree\"\nx,y\n")
                        .creates(1, 1)
                        .has(A, "attributes ->> 'note'", "one\ntwo\r\nthree")
                        .rejects("5,email,"),
                text(
                                "a quote in the middle of a value",
                                "email,size\na@example.com,5\" pipe\nb@example.com,6\"\n")
                        .creates(2, 0)
                        .has(A, "attributes ->> 'size'", "5\" pipe"),
                text("text behind the last quote", "email,city\na@example.com,\"Ulm\" Donau\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm Donau"),
                text(
                                "a quote that is never closed",
                                "email,city\na@example.com,\"Ulm\nb@example.com,Bonn\n")
                        .creates(1, 1)
                        .rejects("2,,a quote is opened and never closed,\"a@example.com,\"\"Ulm\""),
                text(
                                "a quote that only the next value's seems to close",
                                "email,city\na@example.com,\"Ulm\nb@example.com,Bonn\nc@example.com,\"Köln\"\n")
                        .creates(2, 1)
                        .has("c@example.com", "city", "Köln")
                        .rejects("2,,a quote is opened and never closed"),
                text(
                                "quotes that are never closed, line after line",
                                "email,size\na@example.com,\"5\nb@example.com,\"6\nc@example.com,\"7\nd@example.com,8\n")
                        .comesTo(4, 1, 0, 3),
                text(
                                "a value of ten megabytes",
                                "email,city\na@example.com,\""
                                        + "x\n".repeat(5 << 20)
                                        + "\"\nb@example.com,Bonn\n")
                        .creates(1, 1)
                        .rejects("2,,the record is longer than 1024 KiB"),
                text(
                                "a line of ten megabytes",
                                "email,city\na@example.com,"
                                        + "x".repeat(10 << 20)
                                        + "\nb@example.com,Bonn\n")
                        .creates(1, 1)
                        .rejects("2,,the record is longer than 1024 KiB"),
                text(
                                "a value of half a megabyte",
                                "email,city\na@example.com,"
                                        + "x".repeat(500_000)
                                        + "\nb@example.com,Bonn\n")
                        .creates(1, 1)
                        .rejects("2,,a value is longer than 100000 characters"));
    }

    private static List<AwkwardFile> headers() {
        return List.of(
                text(
                                "a header in Portuguese",
                                "E-mail;Nome;Sobrenome;Cidade;Telefone;País;Idioma;Fuso horário\na@example.com;Ana;Lima;Santos;+55 13 1;Brasil;pt-BR;America/Sao_Paulo\n")
                        .creates(1, 0)
                        .has(A, "first_name", "Ana")
                        .has(A, "last_name", "Lima")
                        .has(A, "city", "Santos")
                        .has(A, "phone", "+55 13 1")
                        .has(A, "time_zone", "America/Sao_Paulo"),
                text(
                                "a header in other spellings",
                                "E-Mail Address,FIRST_NAME,Sur Name,Time-Zone\na@example.com,Ana,Lima,UTC\n")
                        .creates(1, 0)
                        .has(A, "last_name", "Lima")
                        .has(A, "time_zone", "UTC"),
                text("blanks around the names", " email , city \na@example.com,Ulm\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm"),
                text("no header", "a@example.com,Ulm\nb@example.com,Bonn\n")
                        .creates(2, 0)
                        .has(A, "attributes ->> 'column2'", "Ulm"),
                text(
                                "no header, the address last, and told what is what",
                                "Ulm;5;a@example.com\nBonn;6;b@example.com\n")
                        .with("{'mapping': {'column1': 'city', 'column2': 'attributes.score'}}")
                        .creates(2, 0)
                        .has(B, "city", "Bonn")
                        .has(B, "attributes ->> 'score'", "6"),
                text(
                                "no header, though the first row has no address",
                                "x,Ulm\na@example.com,Bonn\n")
                        .with("{'header': false, 'mapping': {'column1': 'email'}}")
                        .creates(1, 1)
                        .rejects("1,column1,"),
                text("columns without a name", "email,,city,\na@example.com,x,Ulm,y\n")
                        .creates(1, 0)
                        .has(A, "city", "Ulm")
                        .has(A, "attributes", "{}"),
                text(
                                "a header of attributes",
                                "email,attributes.plan,Favourite Colour\na@example.com,pro,green\n")
                        .creates(1, 0)
                        .has(A, "attributes ->> 'plan'", "pro")
                        .has(A, "attributes ->> 'Favourite Colour'", "green"),
                text(
                                "a file of rejects that was mended",
                                "line,column,reason,email,city\n7,email,no @,a@example.com,Ulm\n")
                        .creates(1, 0)
                        .has(A, "attributes", "{}"));
    }

    private static List<AwkwardFile> rows() {
        return List.of(
                text("too many columns", PLAIN + "c@example.com,Ulm,x\n")
                        .creates(2, 1)
                        .rejects("4,,\"the row has 3 columns, the header 2\",c@example.com,Ulm,x"),
                text("too few columns", PLAIN + "c@example.com\n")
                        .creates(3, 0)
                        .has("c@example.com", "city", null),
                text("a NUL", PLAIN + "c@example.com,U\0lm\n")
                        .creates(2, 1)
                        .rejects("4,,a value contains a NUL character,c@example.com,Ulm"),
                text(
                                "the same address twice",
                                "email,city\na@example.com,Ulm\na@example.com,Bonn\n")
                        .comesTo(2, 1, 1, 0)
                        .has(A, "city", "Bonn"),
                text(
                                "the same address in other letters",
                                "email,city\na@example.com,Ulm\n A@EXAMPLE.COM ,Bonn\n")
                        .comesTo(2, 1, 1, 0)
                        .has(A, "city", "Bonn"),
                text(
                                "the same address and an empty cell in its last row",
                                "email,city,phone\na@example.com,Ulm,1\na@example.com,,2\n")
                        .comesTo(2, 1, 1, 0)
                        .has(A, "city", null)
                        .has(A, "phone", "2"),
                text(
                                "the last row of an address is bad",
                                "email,city\na@example.com,Ulm\na@example.com,Bonn,x\n")
                        .creates(1, 1)
                        .has(A, "city", "Ulm"),
                text("nothing but bad rows", "email,city\nx,Ulm\ny,Bonn\n").creates(0, 2),
                text("more than two hundred attributes", wide(250))
                        .creates(0, 1)
                        .rejects("2,,\"it has 250 attributes, at most 200 are kept\""),
                text(
                                "attributes of more than 64 KiB",
                                "email,x,y\na@example.com,"
                                        + "x".repeat(40_000)
                                        + ","
                                        + "y".repeat(40_000)
                                        + "\n")
                        .creates(0, 1)
                        .rejects("2,,its attributes take more than 64 KiB"),
                text(
                                "a name of more than 500 characters",
                                "email,city\na@example.com,"
                                        + "ü".repeat(501)
                                        + "\nb@example.com,"
                                        + "ü".repeat(500)
                                        + "\n")
                        .creates(1, 1)
                        .rejects("2,city,it is longer than 500 characters"));
    }

    private static String wide(int columns) {
        StringBuilder header = new StringBuilder("email");
        StringBuilder row = new StringBuilder(A);
        for (int n = 0; n < columns; n++) {
            header.append(",c").append(n);
            row.append(",").append(n);
        }
        return header + "\n" + row + "\n";
    }

    private static List<AwkwardFile> addresses() {
        return List.of(
                text(
                                "blanks around addresses",
                                "email\n  a@example.com \n\u00A0b@example.com\u200B\n")
                        .creates(2, 0),
                text("domains with other letters", "email\nada@BÜCHER.example\n")
                        .creates(1, 0)
                        .has("ada@xn--bcher-kva.example", "status", "SUBSCRIBED"),
                text(
                                "what is no address",
                                "email\nnobody\na@b\na..b@example.com\n@example.com\na b@example.com\n<b@example.com> <c@example.com>\na@example.com\n")
                        .creates(1, 6)
                        .rejects(
                                "2,email,no @",
                                "3,email,domain has no dot",
                                "4,email,two dots in a row",
                                "5,email,nothing before the @",
                                "6,email,space in it",
                                "7,email,"),
                text(
                                "addresses as mail programs write them",
                                "email,city\nAda <A@example.com>,Ulm\nmailto:b@example.com?subject=Hi,Bonn\n"
                                        + "<c@example.com>,Ulm\nd@example.com;,Ulm\n"
                                        + "\"\"\"Lovelace, Eva\"\" <e@example.com>\",Köln\n")
                        .creates(5, 0)
                        .has(A, "city", "Ulm")
                        .has(B, "city", "Bonn")
                        .has("e@example.com", "city", "Köln"),
                text(
                                "backslashes in addresses",
                                "email,city\n"
                                        + "\"\"\"\\0\"\"@example.com\",Ulm\n"
                                        + "\"\"\"\\\\\"\"@example.com\",Bonn\n"
                                        + "\"\"\"\\\\N\"\"@example.com\",Köln\n"
                                        + "\"\"\"\\\\.\\\"\"\"\"@example.com\",Mainz\n"
                                        + "a\\b@example.com,Trier\n")
                        .creates(4, 1)
                        .has("0@example.com", "city", "Ulm")
                        .has("\"\\\\\"@example.com", "city", "Bonn")
                        .has("\"\\\\n\"@example.com", "city", "Köln")
                        .has("\"\\\\.\\\"\"@example.com", "city", "Mainz")
                        .rejects("6,email,backslash outside of quotes"),
                text(
                                "domains that only look alike",
                                "email\nada@straße.example\nada@strasse.example\nada@xn--strae-oqa.example\n"
                                        + "ada@xn--a.example\n")
                        .comesTo(4, 2, 1, 1)
                        .rejects("5,email,bad Punycode in domain"),
                text(
                                "an address that is too long",
                                "email\n"
                                        + "a".repeat(65)
                                        + "@example.com\na@"
                                        + "b".repeat(250)
                                        + ".com\n")
                        .creates(0, 2));
    }

    private static List<AwkwardFile> values() {
        return List.of(
                text("values that are guessed", "email,a,b,c,d\na@example.com,42,01234,true,1e3\n")
                        .creates(1, 0)
                        .has(
                                A,
                                "attributes",
                                "{\"a\": 42, \"b\": \"01234\", \"c\": true, \"d\": \"1e3\"}"),
                text(
                                "dates, and some that are none",
                                "email,born\na@example.com,31/12/1999\nb@example.com,31/02/1999\nc@example.com,1999-12-31\nd@example.com,yesterday\ne@example.com,\n")
                        .with("{'types': {'born': 'date'}}")
                        .creates(3, 2)
                        .has(A, "attributes ->> 'born'", "1999-12-31")
                        .rejects("3,born,\"\"\"31/02/1999\"\" is not a date", "5,born,"),
                text(
                                "dates of a pattern that is told",
                                "email,born\na@example.com,12/31/1999\nb@example.com,31/12/1999\n")
                        .with("{'types': {'born': 'date:MM/dd/yyyy'}}")
                        .creates(1, 1)
                        .has(A, "attributes ->> 'born'", "1999-12-31"),
                text(
                                "numbers of many lands, and some that are none",
                                "email;n\na@example.com;1.234,56\nb@example.com;1,234.56\nc@example.com;12 apples\nd@example.com;1,23,4\n")
                        .with("{'types': {'n': 'number'}}")
                        .creates(2, 2)
                        .has(A, "attributes ->> 'n'", "1234.56")
                        .has(B, "attributes ->> 'n'", "1234.56"),
                text(
                                "yes and no in two languages",
                                "email,vip\na@example.com,Sim\nb@example.com,no\nc@example.com,perhaps\n")
                        .with("{'types': {'vip': 'boolean'}}")
                        .creates(2, 1)
                        .has(A, "attributes", "{\"vip\": true}")
                        .has(B, "attributes", "{\"vip\": false}"),
                text("postcodes as texts", "email,zip\na@example.com,12345\n")
                        .with("{'types': {'zip': 'text'}}")
                        .creates(1, 0)
                        .has(A, "attributes", "{\"zip\": \"12345\"}"),
                text(
                                "values that mean something to the database",
                                "email,city,note\na@example.com,\\N,\"\\.\t'; --\"\n")
                        .creates(1, 0)
                        .has(A, "city", "\\N")
                        .has(A, "attributes ->> 'note'", "\\.\t'; --"),
                text("formulas stay what they are", "email,city\na@example.com,=1+1\n")
                        .creates(1, 0)
                        .has(A, "city", "=1+1"));
    }

    private static List<AwkwardFile> packed() {
        byte[] plain = PLAIN.getBytes(UTF_8);
        return List.of(
                bytes("gzip", gzip(plain)).creates(2, 0).has(B, "city", "Bonn"),
                bytes("gzip of UTF-16", gzip(("\uFEFF" + PLAIN).getBytes(UTF_16LE)))
                        .creates(2, 0)
                        .has(B, "city", "Bonn"),
                bytes("zip", zip("people.csv", plain)).creates(2, 0).has(B, "city", "Bonn"),
                bytes(
                                "zip of Latin-1 in a folder",
                                zip(
                                        "export/people.TXT",
                                        "email;city\na@example.com;Köln\n".getBytes(ISO_8859_1),
                                        "__MACOSX/export/._people.TXT",
                                        new byte[9]))
                        .creates(1, 0)
                        .has(A, "city", "Köln"),
                bytes("zip of two files", zip("a.csv", plain, "b.csv", plain))
                        .isRefused("import-zip-of-several"),
                bytes("zip of no table", zip("photo.jpg", plain))
                        .isRefused("import-zip-of-several"),
                bytes("gzip that breaks off", Arrays.copyOf(gzip(noise()), 5_000))
                        .isRefused("import-file-damaged"),
                bytes("zip that breaks off", Arrays.copyOf(zip("a.csv", noise()), 5_000))
                        .isRefused("import-file-damaged"));
    }

    private static byte[] noise() {
        StringBuilder rows = new StringBuilder("email,city\n");
        java.util.Random random = new java.util.Random(7);
        for (int n = 0; n < 5_000; n++) {
            rows.append(Long.toHexString(random.nextLong())).append("@example.com,Ulm\n");
        }
        return rows.toString().getBytes(UTF_8);
    }

    private static List<AwkwardFile> spreadsheets() {
        return List.of(
                bytes("a spreadsheet", sheet(AwkwardFiles::people))
                        .creates(2, 1)
                        .has(A, "city", "Ulm, \"Donau\"\nSüd")
                        .has(
                                A,
                                "attributes",
                                "{\"vip\": true, \"born\": \"1999-12-31\", \"ratio\": 1.5, \"score\": 42}")
                        .has(B, "attributes", "{\"score\": 12345678901}")
                        .rejects("6,E-mail,no @"),
                bytes(
                                "a spreadsheet without a header",
                                sheet(
                                        s -> {
                                            s.value(0, 0, A);
                                            s.value(0, 1, "Ulm");
                                            s.value(1, 0, B);
                                        }))
                        .creates(2, 0)
                        .has(A, "attributes ->> 'column2'", "Ulm"),
                bytes(
                                "a row of a spreadsheet that is too wide",
                                sheet(
                                        s -> {
                                            s.value(0, 0, "email");
                                            s.value(1, 0, A);
                                            s.value(1, 3, "x");
                                            s.value(2, 0, B);
                                        }))
                        .creates(1, 1)
                        .rejects("2,,\"the row has 4 columns, the header 1\""),
                bytes("a sheet by its name", sheet(AwkwardFiles::people))
                        .with("{'sheet': 'Second'}")
                        .creates(1, 0),
                bytes("a sheet that is not there", sheet(AwkwardFiles::people))
                        .with("{'sheet': 'Third'}")
                        .isRefused("import-sheet-not-found"),
                bytes(
                                "a spreadsheet with formulas, errors and texts of all kinds",
                                XlsxBuilder.rows(
                                                XlsxBuilder.row(
                                                                1, "email", "city", "total",
                                                                "since")
                                                        + "<row r='2'><c t='s'><v>0</v></c><c t='inlineStr'><is><t>Ulm_x000D_</t></is></c>"
                                                        + "<c s='1'><f>SUM(A1:A3)</f><v>19.989999999999998</v></c>"
                                                        + "<c t='d'><v>2024-03-05T00:00:00Z</v></c></row>"
                                                        + "<row r='3'><c t='str'><v>b@example.com</v></c><c t='e'><v>#N/A</v></c>"
                                                        + "<c s='1'><f t='shared' si='0'/><v>7</v></c><c s='0'><v>45356</v></c></row>")
                                        .sharedStrings("<si><t>a@example.com</t></si>")
                                        .formats("d \"de\" mmmm", "#,##0.00\\ _E_s_c_.")
                                        .bytes())
                        .creates(2, 0)
                        .has(A, "city", "Ulm")
                        .has(A, "attributes", "{\"since\": \"2024-03-05\", \"total\": 19.99}")
                        .has(B, "city", null)
                        .has(B, "attributes", "{\"since\": \"2024-03-05\", \"total\": 7}"),
                bytes(
                                "a spreadsheet with dates in a column of another pattern",
                                XlsxBuilder.rows(
                                                XlsxBuilder.row(1, "email", "since")
                                                        + "<row r='2'><c t='str'><v>a@example.com</v></c><c s='0'><v>45356</v></c></row>"
                                                        + "<row r='3'><c t='str'><v>b@example.com</v></c><c s='0'><v>45356.5</v></c></row>"
                                                        + XlsxBuilder.row(
                                                                4, "c@example.com", "03/05/2024"))
                                        .formats("mm/dd/yyyy")
                                        .bytes())
                        .with("{'types': {'since': 'date:MM/dd/yyyy'}}")
                        .creates(3, 0)
                        .has(A, "attributes ->> 'since'", "2024-03-05")
                        .has(B, "attributes ->> 'since'", "2024-03-05T12:00")
                        .has("c@example.com", "attributes ->> 'since'", "2024-03-05"),
                bytes(
                                "a spreadsheet with a hidden sheet before that of the contacts",
                                new XlsxBuilder()
                                        .sheet(
                                                "Old",
                                                "hidden",
                                                XlsxBuilder.row(1, "email")
                                                        + XlsxBuilder.row(2, "old@example.com"))
                                        .sheet("Cover", null, XlsxBuilder.row(1, "Contacts"))
                                        .sheet(
                                                "People",
                                                null,
                                                XlsxBuilder.row(1, "email") + XlsxBuilder.row(2, A))
                                        .bytes())
                        .creates(1, 0)
                        .has(A, "email", A),
                bytes(
                                "a text of a spreadsheet that is too long",
                                XlsxBuilder.rows(
                                                XlsxBuilder.row(1, "email", "x")
                                                        + XlsxBuilder.row(2, A, "x".repeat(150_000))
                                                        + XlsxBuilder.row(3, B, "y"))
                                        .bytes())
                        .creates(1, 1)
                        .rejects("2,,a value is longer than 100000 characters"),
                bytes(
                                "a row of a spreadsheet that is too long",
                                XlsxBuilder.rows(
                                                XlsxBuilder.row(1, "email")
                                                        + "<row r='2'><c t='str'><v>%s</v></c>%s</row>"
                                                                .formatted(
                                                                        A,
                                                                        "<c t='s'><v>0</v></c>"
                                                                                .repeat(200))
                                                        + XlsxBuilder.row(3, B))
                                        .sharedStrings(
                                                "<si><t>%s</t></si>".formatted("x".repeat(90_000)))
                                        .bytes())
                        .creates(1, 1)
                        .rejects("2,,the record is longer than 1024 KiB"),
                bytes(
                                "a spreadsheet that breaks off",
                                Arrays.copyOf(sheet(AwkwardFiles::people), 900))
                        .isRefused("import-file-damaged"));
    }

    private static void people(Worksheet sheet) {
        String[] header = {"E-mail", "Cidade", "vip", "born", "score", "ratio"};
        for (int n = 0; n < header.length; n++) {
            sheet.value(0, n, header[n]);
        }
        sheet.value(2, 0, A);
        sheet.value(2, 1, "Ulm, \"Donau\"\nSüd");
        sheet.value(2, 2, true);
        sheet.value(2, 3, LocalDate.of(1999, 12, 31));
        sheet.style(2, 3).format("dd/mm/yyyy").set();
        sheet.value(2, 4, 42);
        sheet.value(2, 5, 1.5);
        sheet.value(3, 0, B);
        sheet.value(3, 4, 12_345_678_901L);
        sheet.value(5, 0, "nobody");
    }

    private static byte[] sheet(Consumer<Worksheet> filled) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook workbook = new Workbook(out, "test", "1.0")) {
            filled.accept(workbook.newWorksheet("First"));
            Worksheet second = workbook.newWorksheet("Second");
            second.value(0, 0, "email");
            second.value(1, 0, "second@example.com");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static List<AwkwardFile> refused() {
        return List.of(
                text("nothing", "").isRefused("import-is-empty"),
                text("nothing but a byte order mark", "\uFEFF").isRefused("import-is-empty"),
                text("nothing but empty lines", "\n\r\n\n").isRefused("import-is-empty"),
                text("a header and no rows", "email,city\n").isRefused("import-has-no-rows"),
                text("no column of addresses", "name,town\nAda,London\n")
                        .isRefused("import-has-no-email-column"),
                text("two columns that are mapped to the same", PLAIN)
                        .with("{'mapping': {'email': 'email', 'city': 'email'}}")
                        .isRefused("import-column-twice"),
                text("a header that is torn", "email,\"city\na@example.com,Ulm\n")
                        .isRefused("import-header-unreadable"),
                text("a header with a NUL", "email,ci\0ty\na@example.com,Ulm\n")
                        .isRefused("import-header-unreadable"),
                text("a header without end", "email," + "x".repeat(300_000) + "\na@example.com,1\n")
                        .isRefused("import-header-unreadable"),
                text("too many columns in the header", wide(500))
                        .isRefused("import-has-too-many-columns"),
                text("a mapping of a column that is not there", PLAIN)
                        .with("{'mapping': {'town': 'city'}}")
                        .isRefused("import-mapping-names-no-column"),
                text("a mapping to a field that is not there", PLAIN)
                        .with("{'mapping': {'city': 'town'}}")
                        .isRefused("import-mapping-unknown-field"),
                text("a type that is none", "email,x\na@example.com,1\n")
                        .with("{'types': {'x': 'colour'}}")
                        .isRefused("import-unknown-type"),
                text("an encoding that is none", PLAIN)
                        .with("{'encoding': 'klingon'}")
                        .isRefused("import-unknown-encoding"),
                text("a separator that is none", PLAIN)
                        .with("{'delimiter': 'x'}")
                        .isRefused("import-unknown-delimiter"),
                text("a PDF", "%PDF-1.7\n").isRefused("import-is-no-table"),
                bytes(
                                "an old spreadsheet",
                                new byte[] {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 0, 0})
                        .isRefused("import-is-old-excel"));
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * @param named names, each followed by its content
     */
    private static byte[] zip(Object... named) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int n = 0; n < named.length; n += 2) {
                zip.putNextEntry(new ZipEntry((String) named[n]));
                zip.write((byte[]) named[n + 1]);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] joined(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof String text) {
                out.writeBytes(text.getBytes(UTF_8));
            } else {
                out.write((byte) part);
            }
        }
        return out.toByteArray();
    }
}
