package io.mailgenius.console.host;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the console asks of the application that mounts it. Who may open which page is the
 * application's own matter: it guards the paths, and the console shows what {@link Viewer#rights}
 * permit. Forms have the CSRF token of Spring Security, if the application has that.
 */
public interface ConsoleHost {

    /** The name of the application, as the title of each page ends. */
    String name();

    /**
     * @return null for somebody who has not signed in, or on a page that has no person
     */
    @Nullable Viewer viewer(HttpServletRequest request);

    /**
     * Called before each action, for rules that the guard of the paths does not know. It throws
     * what the application answers a refused request with.
     */
    default void require(Right right) {}

    /** In the order in which they are shown; those that the viewer may not open are left out. */
    List<NavigationEntry> navigation(@Nullable Viewer viewer);

    /**
     * The address of the HTTP API whose calls do the same as the actions of the console, as "copy
     * as curl" shows them.
     *
     * @return null if there is no such API
     */
    default @Nullable String apiUrl(HttpServletRequest request) {
        return null;
    }

    /** Parts that the application adds to a page, as far as the viewer may see them. */
    default List<Section> sections(Place place, Viewer viewer) {
        return List.of();
    }

    /** What the work depends on besides PostgreSQL and Redis. It must not wait for anybody. */
    default List<ServiceState> services() {
        return List.of();
    }
}
