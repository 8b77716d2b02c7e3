package io.mailgenius.api.problems;

import io.mailgenius.console.pages.Frames;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.ModelAndView;

/** Handles the exceptions of controllers and the error dispatches of the web server. */
@Controller
@ControllerAdvice
class ProblemAdvice implements ErrorController {

    private final Problems problems;
    private final ObjectProvider<Frames> frames;

    ProblemAdvice(Problems problems, ObjectProvider<Frames> frames) {
        this.problems = problems;
        this.frames = frames;
    }

    @ExceptionHandler(Throwable.class)
    @Nullable ModelAndView thrown(
            Throwable thrown, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (response.isCommitted()) {
            problems.breakOff(thrown, request);
            return null;
        }
        if (Problems.wantsPage(request)) {
            Problems.setHeaders(thrown, response);
            return page(problems.of(thrown, request), request);
        }
        problems.answer(thrown, request, response);
        return null;
    }

    @RequestMapping("/error")
    @Nullable ModelAndView error(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Problem problem = ofErrorDispatch(request);
        if (Problems.wantsPage(request)) {
            return page(problem, request);
        }
        problems.answer(problem, response);
        return null;
    }

    private Problem ofErrorDispatch(HttpServletRequest request) {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown) {
            return problems.of(thrown, request);
        }
        int status =
                request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                        ? code
                        : 404;
        return Translation.ofStatus(status);
    }

    /** Nodes without the console have no frame around it. */
    private ModelAndView page(Problem problem, HttpServletRequest request) {
        ModelAndView page =
                new ModelAndView(
                        "problem",
                        Map.of("problem", problem),
                        HttpStatusCode.valueOf(problem.status()));
        frames.ifAvailable(it -> page.addObject("console", it.of(request)));
        return page;
    }
}
