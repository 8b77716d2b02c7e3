package io.mailgenius.console.pages;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * The page that follows an action, which has the parameter {@code done}, shows its effect, on
 * whichever node the request arrives.
 */
public final class AfterAction implements HandlerInterceptor {

    private final LastKnown known;

    public AfterAction(LastKnown known) {
        this.known = known;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getParameter("done") != null) {
            known.changed();
        }
        return true;
    }
}
