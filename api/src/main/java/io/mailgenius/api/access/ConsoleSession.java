package io.mailgenius.api.access;

import io.mailgenius.jobs.people.PersonSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Optional;
import org.springframework.session.FindByIndexNameSessionRepository;

/** What a session of the console says: ids only, since what they may do is looked up each time. */
sealed interface ConsoleSession {

    String KEY = "key";
    String PERSON = "person";
    String WORKSPACE = "workspace";
    String PENDING = "pending";

    /** In seconds: of a session of which nobody knows yet whose it is, or not for sure. */
    int TO_FIND_A_CODE = 300;

    /** How long after signing in a person may add or remove what opens the account. */
    Duration FRESH = Duration.ofMinutes(15);

    record OfKey(long workspaceId, long keyId) implements ConsoleSession {}

    record OfPerson(long workspaceId, long personId) implements ConsoleSession {}

    /** The password was right, and the second factor is still to come. */
    record Pending(long personId) implements ConsoleSession {}

    static Optional<ConsoleSession> of(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return Optional.empty();
        }
        if (session.getAttribute(PENDING) instanceof Long person) {
            return Optional.of(new Pending(person));
        }
        if (!(session.getAttribute(WORKSPACE) instanceof Long workspace)) {
            return Optional.empty();
        }
        if (session.getAttribute(KEY) instanceof Long key) {
            return Optional.of(new OfKey(workspace, key));
        }
        return session.getAttribute(PERSON) instanceof Long person
                ? Optional.of(new OfPerson(workspace, person))
                : Optional.empty();
    }

    static void beginOfKey(HttpServletRequest request, long workspaceId, long keyId) {
        HttpSession session = fresh(request);
        session.setAttribute(WORKSPACE, workspaceId);
        session.setAttribute(KEY, keyId);
    }

    static void beginOfPerson(HttpServletRequest request, long workspaceId, long personId) {
        HttpSession session = fresh(request);
        session.setAttribute(WORKSPACE, workspaceId);
        session.setAttribute(PERSON, personId);
        session.setAttribute(
                FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME,
                PersonSessions.principal(personId));
    }

    static void beginPending(HttpServletRequest request, long personId) {
        HttpSession session = fresh(request);
        session.setAttribute(PENDING, personId);
        session.setAttribute(
                FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME,
                PersonSessions.pending(personId));
        session.setMaxInactiveInterval(TO_FIND_A_CODE);
    }

    /** For a sign-in of which the server has to remember something; one that is there is taken. */
    static HttpSession beginUnknown(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            session = request.getSession(true);
            session.setMaxInactiveInterval(TO_FIND_A_CODE);
        }
        return session;
    }

    /** Whose second factor is still to come. */
    static Optional<Long> pending(HttpServletRequest request) {
        return of(request)
                .flatMap(it -> it instanceof Pending(long id) ? Optional.of(id) : Optional.empty());
    }

    /** So that a session that was left open, or stolen, is not turned into one for good. */
    static boolean isFresh(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null
                && System.currentTimeMillis() - session.getCreationTime() < FRESH.toMillis();
    }

    /** Another one than before, so that nobody who planted it is signed in along with them. */
    private static HttpSession fresh(HttpServletRequest request) {
        end(request);
        return request.getSession(true);
    }

    static void end(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }
}
