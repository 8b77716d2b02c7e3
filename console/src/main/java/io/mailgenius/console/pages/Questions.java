package io.mailgenius.console.pages;

import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.Right;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.ModelAndView;

/** Shows the question before an action, or the words with which it is refused. */
@Component
public class Questions {

    /** What people write as a reason is no longer than this. */
    public static final int REASON = 500;

    private final ConsoleHost host;
    private final Frames frames;

    Questions(ConsoleHost host, Frames frames) {
        this.host = host;
        this.frames = frames;
    }

    /** The words of the person's language, for the sentences of a question. */
    public Frame frame(HttpServletRequest request) {
        return frames.of(request);
    }

    /**
     * @param right that the action needs; the application refuses it, too
     */
    public ModelAndView ask(HttpServletRequest request, Right right, Question question) {
        Frame frame = frames.of(request);
        return ask(
                request,
                frame.may(right)
                        ? question
                        : question.refusedFor(frame.text("refused." + right.name())));
    }

    /** Of an action whose right is the application's own: it has refused it already, or not. */
    public ModelAndView ask(HttpServletRequest request, Question question) {
        ApiCall call = question.call();
        String api = host.apiUrl(request);
        return new ModelAndView("console/question")
                .addObject("question", question)
                .addObject("curl", call == null || api == null ? null : call.curl(api));
    }

    /** Before an action is taken. */
    public void require(Right right) {
        host.require(right);
    }

    /** Nothing written is no reason. */
    public static @Nullable String reason(@Nullable String written) {
        if (written == null || written.isBlank()) {
            return null;
        }
        String reason = written.strip();
        return reason.length() <= REASON ? reason : reason.substring(0, REASON);
    }
}
