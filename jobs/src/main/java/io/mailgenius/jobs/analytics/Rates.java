package io.mailgenius.jobs.analytics;

/**
 * Rates of contacts, from 0 to 1; 0 if the denominator is 0. All rates are defined here.
 *
 * @param delivery delivered / (delivered + bounced)
 * @param bounce bounced / (delivered + bounced)
 * @param open opened / delivered
 * @param click clicked / delivered
 * @param clickToOpen clicked / opened
 * @param complaint complained / delivered
 * @param unsubscribe unsubscribed / delivered
 */
public record Rates(
        double delivery,
        double bounce,
        double open,
        double click,
        double clickToOpen,
        double complaint,
        double unsubscribe) {

    static Rates of(Figures figures) {
        long answered = figures.delivered() + figures.bounced();
        long delivered = figures.delivered();
        return new Rates(
                share(delivered, answered),
                share(figures.bounced(), answered),
                share(figures.opened(), delivered),
                share(figures.clicked(), delivered),
                share(figures.clicked(), figures.opened()),
                share(figures.complained(), delivered),
                share(figures.unsubscribed(), delivered));
    }

    /** The difference of rates: 0.02 is two percentage points. */
    Rates minus(Rates other) {
        return new Rates(
                delivery - other.delivery,
                bounce - other.bounce,
                open - other.open,
                click - other.click,
                clickToOpen - other.clickToOpen,
                complaint - other.complaint,
                unsubscribe - other.unsubscribe);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
