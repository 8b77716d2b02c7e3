package io.mailgenius.console.pages;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the console asks before an action: what it will do, and why it is done.
 *
 * @param title the action in a few words
 * @param effects what it will do, a sentence each
 * @param path the form is posted to it
 * @param fields of the form that are not asked for
 * @param choices of a field {@code choice}, by value; empty if there is nothing to choose
 * @param confirm on the button
 * @param manner how the action is confirmed
 * @param refusal why the viewer may not, or why it is impossible now; null if they may
 * @param call the same as a call of the API
 * @param back the page to which "no" leads
 */
public record Question(
        String title,
        List<String> effects,
        String path,
        Map<String, String> fields,
        Map<String, String> choices,
        String confirm,
        Manner manner,
        @Nullable String refusal,
        @Nullable ApiCall call,
        String back) {

    /**
     * @param harmful whether the action cannot be undone
     * @param reasoned whether a reason is asked for and kept
     */
    public record Manner(boolean harmful, boolean reasoned) {}

    public Question(String title, List<String> effects, String path, String confirm, String back) {
        this(
                title,
                effects,
                path,
                Map.of(),
                Map.of(),
                confirm,
                new Manner(false, true),
                null,
                null,
                back);
    }

    public Question with(Map<String, String> hidden) {
        return new Question(
                title, effects, path, hidden, choices, confirm, manner, refusal, call, back);
    }

    public Question choosing(Map<String, String> among) {
        return new Question(
                title, effects, path, fields, among, confirm, manner, refusal, call, back);
    }

    public Question harmfully() {
        return in(new Manner(true, manner.reasoned()));
    }

    public Question withoutReason() {
        return in(new Manner(manner.harmful(), false));
    }

    private Question in(Manner other) {
        return new Question(
                title, effects, path, fields, choices, confirm, other, refusal, call, back);
    }

    public Question refusedFor(@Nullable String why) {
        return new Question(
                title, effects, path, fields, choices, confirm, manner, why, call, back);
    }

    public Question asCall(ApiCall same) {
        return new Question(
                title, effects, path, fields, choices, confirm, manner, refusal, same, back);
    }
}
