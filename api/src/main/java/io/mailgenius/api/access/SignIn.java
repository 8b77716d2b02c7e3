package io.mailgenius.api.access;

import io.mailgenius.jobs.workspaces.Workspaces;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/** The door of the console: an API key for a session. */
@Controller
class SignIn {

    private static final String KEY = "io.mailgenius.key";

    private final Workspaces workspaces;

    SignIn(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    static Optional<String> keyOf(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(KEY) instanceof String key
                ? Optional.of(key)
                : Optional.empty();
    }

    @GetMapping("/sign-in")
    String page() {
        return "sign-in";
    }

    @PostMapping("/sign-in")
    ModelAndView signIn(@RequestParam String key, HttpServletRequest request) {
        if (workspaces.bearer(key.strip()).isEmpty()) {
            ModelAndView page = new ModelAndView("sign-in");
            page.addObject("refused", true);
            page.setStatus(HttpStatus.UNAUTHORIZED);
            return page;
        }
        request.getSession();
        // Another id than before, so that nobody who planted one is signed in along with them.
        request.changeSessionId();
        request.getSession().setAttribute(KEY, key.strip());
        return new ModelAndView("redirect:/");
    }

    @PostMapping("/sign-out")
    String signOut(HttpSession session) {
        session.invalidate();
        return "redirect:/sign-in";
    }
}
