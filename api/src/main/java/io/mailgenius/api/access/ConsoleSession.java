package io.mailgenius.api.access;

import io.mailgenius.jobs.people.PersonSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import org.springframework.session.FindByIndexNameSessionRepository;

/** What a session of the console says: ids only, since what they may do is looked up each time. */
sealed interface ConsoleSession {

    String KEY = "key";
    String PERSON = "person";
    String WORKSPACE = "workspace";
    String PENDING = "pending";

    /** In seconds. */
    int TO_FIND_A_CODE = 300;

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
        session.setMaxInactiveInterval(TO_FIND_A_CODE);
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
