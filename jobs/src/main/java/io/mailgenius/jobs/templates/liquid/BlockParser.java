package io.mailgenius.jobs.templates.liquid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses tokens into nodes, block by block. */
final class BlockParser {

    private static final int MAX_DEPTH = 50;

    private final String source;
    private final List<SourceToken> tokens;
    private final TagParser tags;
    private int at;
    private int depth;

    BlockParser(String source, List<SourceToken> tokens, TagParser tags) {
        this.source = source;
        this.tokens = tokens;
        this.tags = tags;
    }

    /** A block and the tag that ended it. */
    record ParsedBlock(BlockNode block, SourceToken by) {}

    BlockNode all() {
        List<TemplateNode> nodes = new ArrayList<>();
        SourceToken strange = read(nodes, Set.of());
        if (strange != null) {
            throw unexpectedTag(strange);
        }
        return new BlockNode(nodes);
    }

    /**
     * Parses the block between a tag and its end tag.
     *
     * @param opening the tag
     * @param ends names of tags that end the block
     */
    ParsedBlock block(SourceToken opening, Set<String> ends) {
        if (++depth > MAX_DEPTH) {
            throw new LiquidSyntaxException(
                    opening.start(),
                    String.format(
                            Locale.ROOT, "tags are nested more than %d levels deep", MAX_DEPTH));
        }
        List<TemplateNode> nodes = new ArrayList<>();
        SourceToken end = read(nodes, ends);
        depth--;
        if (end == null) {
            throw new LiquidSyntaxException(
                    tokens.isEmpty() ? opening.end() : tokens.getLast().end(),
                    "a tag is still open at the end of the template; an endif, endfor or similar is missing");
        }
        return new ParsedBlock(new BlockNode(nodes), end);
    }

    /** Returns the tag that ended the block; null at the end of the source. */
    private @Nullable SourceToken read(List<TemplateNode> nodes, Set<String> ends) {
        while (at < tokens.size()) {
            SourceToken token = tokens.get(at++);
            tags.requireSound(token);
            switch (token.kind()) {
                case TEXT -> text(token, nodes);
                case OUTPUT -> nodes.add(tags.output(token));
                case RAW -> nodes.add(tags.raw(token));
                case HIDDEN -> {}
                case TAG -> {
                    if (ends.contains(token.name())) {
                        return token;
                    }
                    if (!tags.tag(token, this, nodes)) {
                        throw unexpectedTag(token);
                    }
                }
            }
        }
        return null;
    }

    private LiquidSyntaxException unexpectedTag(SourceToken token) {
        if (TagParser.isPartOfAnother(token.name())) {
            return new LiquidSyntaxException(
                    token.start(),
                    "%s does not belong to an open tag".formatted(tags.quoted(token)));
        }
        return tags.unknown(token);
    }

    /** Adds text without the white space that adjacent tags trim. */
    private void text(SourceToken token, List<TemplateNode> nodes) {
        int start = token.start();
        int end = token.end();
        if (at >= 2 && tokens.get(at - 2).trimsAfter()) {
            while (start < end && MarkupLexer.isSpace(source.charAt(start))) {
                start++;
            }
        }
        if (at < tokens.size() && tokens.get(at).trimsBefore()) {
            while (end > start && MarkupLexer.isSpace(source.charAt(end - 1))) {
                end--;
            }
        }
        if (end > start) {
            nodes.add(new TextNode(source.substring(start, end)));
        }
    }
}
