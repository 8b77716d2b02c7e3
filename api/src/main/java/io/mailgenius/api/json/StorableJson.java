package io.mailgenius.api.json;

import io.mailgenius.api.problems.StorableText;
import java.io.DataInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;

/** A JSON factory whose parsers reject strings and property names that PostgreSQL cannot store. */
final class StorableJson extends JsonFactory {

    @Serial private static final long serialVersionUID = 1L;

    @Override
    protected JsonParser _createParser(ObjectReadContext context, IOContext io, InputStream in) {
        return new Checked(super._createParser(context, io, in));
    }

    @Override
    protected JsonParser _createParser(ObjectReadContext context, IOContext io, Reader in) {
        return new Checked(super._createParser(context, io, in));
    }

    @Override
    protected JsonParser _createParser(
            ObjectReadContext context,
            IOContext io,
            char[] data,
            int offset,
            int length,
            boolean recyclable) {
        return new Checked(super._createParser(context, io, data, offset, length, recyclable));
    }

    @Override
    protected JsonParser _createParser(
            ObjectReadContext context, IOContext io, byte[] data, int offset, int length) {
        return new Checked(super._createParser(context, io, data, offset, length));
    }

    @Override
    protected JsonParser _createParser(ObjectReadContext context, IOContext io, DataInput in) {
        return new Checked(super._createParser(context, io, in));
    }

    /** Strings are checked when they are read, so that skipped ones cost nothing. */
    private static final class Checked extends JsonParserDelegate {

        Checked(JsonParser parser) {
            super(parser);
        }

        private @Nullable String checked(@Nullable String text) {
            return text == null || StorableText.is(text)
                    ? text
                    : StorableText.require(
                            "The text at " + streamReadContext().pathAsPointer(), text);
        }

        private @Nullable String name(@Nullable String name) {
            return name == null ? null : StorableText.require("The name of a property", name);
        }

        @Override
        public @Nullable String currentName() {
            return name(super.currentName());
        }

        @Override
        public @Nullable String nextName() {
            return name(super.nextName());
        }

        @Override
        public boolean nextName(SerializableString expected) {
            boolean found = super.nextName(expected);
            if (!found) {
                currentName();
            }
            return found;
        }

        @Override
        public int nextNameMatch(PropertyNameMatcher matcher) {
            int match = super.nextNameMatch(matcher);
            if (match == PropertyNameMatcher.MATCH_UNKNOWN_NAME) {
                currentName();
            }
            return match;
        }

        /** 44.0 is a whole number, as JSON Schema has it; 44.5 is none, and nothing is cut off. */
        private long whole(Class<?> type) {
            try {
                return getDecimalValue().longValueExact();
            } catch (ArithmeticException fraction) {
                throw new InputCoercionException(
                        this, "Not a whole number", JsonToken.VALUE_NUMBER_FLOAT, type);
            }
        }

        @Override
        public int getValueAsInt() {
            if (currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
                return super.getValueAsInt();
            }
            long whole = whole(Integer.class);
            if (whole != (int) whole) {
                throw new InputCoercionException(
                        this, "Too large", JsonToken.VALUE_NUMBER_FLOAT, Integer.class);
            }
            return (int) whole;
        }

        @Override
        public long getValueAsLong() {
            return currentToken() == JsonToken.VALUE_NUMBER_FLOAT
                    ? whole(Long.class)
                    : super.getValueAsLong();
        }

        @Override
        public @Nullable String getString() {
            return checked(super.getString());
        }

        @Override
        public @Nullable String getValueAsString() {
            return checked(super.getValueAsString());
        }

        @Override
        public @Nullable String getValueAsString(@Nullable String otherwise) {
            return checked(super.getValueAsString(otherwise));
        }

        @Override
        public char[] getStringCharacters() {
            getString();
            return super.getStringCharacters();
        }

        @Override
        public int getString(Writer out) {
            String text = getString();
            try {
                out.write(text == null ? "" : text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text == null ? 0 : text.length();
        }

        @Override
        public long readString(Writer out) {
            return getString(out);
        }
    }
}
