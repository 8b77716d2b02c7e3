package io.mailgenius.console.pages;

import io.mailgenius.console.host.ConsoleHost;
import io.mailgenius.console.host.Viewer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Makes the frame of each page and puts it into its model. */
public final class Frames implements HandlerInterceptor {

    private final ConsoleHost host;
    private final MessageSource messages;
    private final Clock clock;

    public Frames(ConsoleHost host, MessageSource messages, Clock clock) {
        this.host = host;
        this.messages = messages;
        this.clock = clock;
    }

    public Frame of(HttpServletRequest request) {
        Viewer viewer = host.viewer(request);
        ZoneId zone =
                BrowserChoice.zone(request)
                        .or(() -> Optional.ofNullable(viewer).map(Viewer::zone))
                        .orElse(ZoneOffset.UTC);
        return new Frame(
                host.name(),
                viewer,
                host.navigation(viewer),
                RequestContextUtils.getLocale(request),
                zone,
                clock.instant(),
                messages);
    }

    @Override
    public void postHandle(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable ModelAndView page) {
        if (page != null
                && page.getViewName() != null
                && !page.getViewName().startsWith("redirect:")) {
            page.addObject("console", of(request));
        }
    }
}
