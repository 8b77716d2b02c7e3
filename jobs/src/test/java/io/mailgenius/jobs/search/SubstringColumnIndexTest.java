package io.mailgenius.jobs.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Substrings are found as {@link String#contains} finds them. */
class SubstringColumnIndexTest {

    private static final int CONTACTS = 3_000;
    private static final String LETTERS = "aaabcdeo.@1é漢";

    private final Random random = new Random(7);
    private final SubstringColumnIndex words = new SubstringColumnIndex(CONTACTS);
    private final Map<Integer, String> texts = new TreeMap<>();

    @Test
    void exactly_the_texts_with_the_substring_are_found() throws Facet.Unfit {
        for (int n = 0; n < CONTACTS; n++) {
            int ordinal = random.nextInt(CONTACTS);
            if (!texts.containsKey(ordinal)) {
                texts.put(ordinal, text());
                words.load(ordinal, texts.get(ordinal));
            }
        }
        words.seal(CONTACTS);
        assertAllPartsAreFound();

        // Some of them were added after loading.
        for (int n = 0; n < CONTACTS; n++) {
            int ordinal = random.nextInt(3 * CONTACTS);
            if (random.nextInt(5) == 0) {
                texts.remove(ordinal);
                words.change(ordinal, null);
            } else {
                texts.put(ordinal, text());
                words.change(ordinal, texts.get(ordinal));
            }
        }
        assertAllPartsAreFound();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private void assertAllPartsAreFound() {
        List<String> all = List.copyOf(texts.values());
        for (int n = 0; n < 500; n++) {
            String text = n % 3 == 0 ? text() : all.get(random.nextInt(all.size()));
            int from = random.nextInt(text.length() + 1);
            String part = text.substring(from, from + random.nextInt(text.length() - from + 1));
            if (part.isEmpty()) {
                continue;
            }
            int first = n % 2 == 0 ? 0 : random.nextInt(CONTACTS);
            int before = n % 2 == 0 ? 3 * CONTACTS : first + random.nextInt(CONTACTS);
            assertThat(found(part, first, before, Integer.MAX_VALUE))
                    .as(part)
                    .containsExactlyElementsOf(have(part, first, before));
            assertThat(found(part, 0, 3 * CONTACTS, 3))
                    .as(part)
                    .containsExactlyElementsOf(
                            have(part, 0, 3 * CONTACTS).stream().limit(3).toList());
        }
    }

    private List<Integer> found(String part, int first, int before, int most) {
        List<Integer> found = new ArrayList<>();
        words.having(
                part.getBytes(UTF_8),
                first,
                before,
                ordinal -> found.add(ordinal) && found.size() < most);
        return found;
    }

    private List<Integer> have(String part, int first, int before) {
        return IntStream.range(first, before)
                .filter(ordinal -> texts.getOrDefault(ordinal, "").contains(part))
                .boxed()
                .toList();
    }
}
