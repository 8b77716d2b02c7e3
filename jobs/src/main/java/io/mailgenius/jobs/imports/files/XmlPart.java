package io.mailgenius.jobs.imports.files;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.mailgenius.jobs.workspaces.Refusal;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * An XML part of a spreadsheet, element by element. The memory of the parser is bounded: a single
 * tag or text, the depth of the elements and the number of different names are limited, and a
 * document type declaration is refused.
 */
final class XmlPart implements Closeable {

    private static final int MAX_TOKEN = 256 << 10;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NAMES = 1_000;
    private static final int MAX_NAME = 255;

    private final String part;
    private final Limited in;
    private final XMLStreamReader xml;
    private final Set<String> names = new HashSet<>();
    private int depth;
    private int row;

    XmlPart(String part, InputStream content, UnpackLimit limit) {
        this.part = part;
        this.in = new Limited(content, limit);
        // A factory keeps the names of all files that it has read, so each part has its own.
        XMLInputFactory factory = new InputFactoryImpl();
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            this.xml = factory.createXMLStreamReader(in);
        } catch (XMLStreamException e) {
            throw damaged(e);
        }
    }

    /** Goes on to the next start of an element; false at the end of the part. */
    boolean nextStart() {
        int event = next();
        while (event != XMLStreamConstants.START_ELEMENT) {
            if (event == XMLStreamConstants.END_DOCUMENT) {
                return false;
            }
            event = next();
        }
        return true;
    }

    /**
     * Goes on to the next start of an element within the element that is now at {@code parent}
     * depth; false behind the end of that.
     */
    boolean nextStartWithin(int parent) {
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (depth < parent) {
                        return false;
                    }
                }
                case XMLStreamConstants.END_DOCUMENT -> {
                    return false;
                }
                default -> {}
            }
        }
    }

    /**
     * Reads the text of the element that has just begun, to its end.
     *
     * @param most so many characters are kept
     */
    String text(int most) {
        int own = depth;
        int skipped = 0;
        StringBuilder text = new StringBuilder();
        while (depth >= own) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    // Phonetic hints, which Japanese files have beside names.
                    if (skipped == 0 && name().equals("rPh")) {
                        skipped = depth;
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (depth < skipped) {
                        skipped = 0;
                    }
                }
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE -> {
                    if (skipped == 0 && text.length() < most) {
                        String more = characters();
                        text.append(more, 0, Math.min(more.length(), most - text.length()));
                    }
                }
                case XMLStreamConstants.END_DOCUMENT -> {
                    return text.toString();
                }
                default -> {}
            }
        }
        return text.toString();
    }

    private int next() {
        in.token = 0;
        int event;
        try {
            event = xml.next();
        } catch (Refusal refused) {
            throw refused;
        } catch (XMLStreamException | RuntimeException e) {
            throw damaged(e);
        }
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> started();
            case XMLStreamConstants.END_ELEMENT -> depth--;
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw damaged("has a document type or an entity, which no spreadsheet has");
            default -> {}
        }
        return event;
    }

    /** The parser reads a text lazily, so it may find damage only here. */
    private String characters() {
        try {
            return xml.getText();
        } catch (Refusal refused) {
            throw refused;
        } catch (RuntimeException e) {
            throw damaged(e);
        }
    }

    private void started() {
        if (++depth > MAX_DEPTH) {
            throw damaged(
                    String.format(
                            Locale.ROOT, "has more than %d elements in each other", MAX_DEPTH));
        }
        know(xml.getLocalName());
        know(xml.getPrefix());
        for (int n = 0; n < xml.getAttributeCount(); n++) {
            know(xml.getAttributeLocalName(n));
            know(xml.getAttributePrefix(n));
        }
        for (int n = 0; n < xml.getNamespaceCount(); n++) {
            know(xml.getNamespacePrefix(n));
        }
    }

    private void know(@Nullable String name) {
        if (name != null && names.add(name)) {
            if (names.size() > MAX_NAMES || name.length() > MAX_NAME) {
                throw damaged("has names that no spreadsheet has");
            }
        }
    }

    /** Without its prefix. */
    String name() {
        return xml.getLocalName();
    }

    String namespace() {
        return xml.getNamespaceURI() == null ? "" : xml.getNamespaceURI();
    }

    /** Of how many open elements the current one is the innermost. */
    int depth() {
        return depth;
    }

    /**
     * @param name without its prefix
     */
    @Nullable String attribute(String name) {
        for (int n = 0; n < xml.getAttributeCount(); n++) {
            if (name.equals(xml.getAttributeLocalName(n))) {
                return xml.getAttributeValue(n);
            }
        }
        return null;
    }

    /** Sets the row up to which messages report that the file was read. */
    void read(int row) {
        this.row = row;
    }

    Refusal damaged(String how) {
        return new Refusal.Invalid(
                "import-file-damaged",
                "The spreadsheet cannot be read%s: its part %s %s. Open it in a spreadsheet program and save it again as .xlsx."
                        .formatted(
                                row == 0 ? "" : String.format(Locale.ROOT, " after row %,d", row),
                                part,
                                how));
    }

    private Refusal damaged(Exception why) {
        String message = String.valueOf(why.getMessage());
        int line = message.indexOf('\n');
        return damaged(
                "is damaged (%s)".formatted(line < 0 ? message : message.substring(0, line)));
    }

    @Override
    public void close() throws IOException {
        try {
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        } finally {
            in.close();
        }
    }

    /** Counts the bytes that the parser reads, of the whole file and for one token. */
    private final class Limited extends FilterInputStream {

        private final UnpackLimit limit;
        private int token;

        Limited(InputStream in, UnpackLimit limit) {
            super(in);
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(bytes, offset, length);
            } catch (ZipException | EOFException e) {
                throw damaged(e);
            }
            if (count > 0) {
                limit.add(count);
                token += count;
                if (token > MAX_TOKEN) {
                    throw damaged(
                            String.format(
                                    Locale.ROOT,
                                    "has a tag or a text of more than %d KiB",
                                    MAX_TOKEN >> 10));
                }
            }
            return count;
        }
    }
}
