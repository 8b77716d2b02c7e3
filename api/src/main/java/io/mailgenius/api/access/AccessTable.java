package io.mailgenius.api.access;

/**
 * Each method and path, with the permission that it needs. {@code public} is open to anybody,
 * {@code signed-in} to everybody who is; {@code also} keeps a change possible while the workspace
 * is suspended. What is not here is closed.
 */
final class AccessTable {

    static final String PUBLIC = "public";
    static final String SIGNED_IN = "signed-in";
    static final String EVEN_SUSPENDED = "also";

    static final String API =
            """
            GET    /api/v1/alert-rules                              alerts:read
            POST   /api/v1/alert-rules                              alerts:write
            GET    /api/v1/alert-rules/kinds                        alerts:read
            GET    /api/v1/alert-rules/{id}                         alerts:read
            PUT    /api/v1/alert-rules/{id}                         alerts:write
            DELETE /api/v1/alert-rules/{id}                         alerts:write
            POST   /api/v1/alert-rules/{id}/test                    alerts:write
            GET    /api/v1/alerts                                   alerts:read
            GET    /api/v1/alerts/silences                          alerts:read
            POST   /api/v1/alerts/silences                          alerts:write
            DELETE /api/v1/alerts/silences/{id}                     alerts:write
            GET    /api/v1/alerts/{id}                              alerts:read
            POST   /api/v1/alerts/{id}/acknowledge                  alerts:write
            GET    /api/v1/analytics/campaigns/compare              analytics:read
            GET    /api/v1/analytics/campaigns/compare.csv          analytics:read
            GET    /api/v1/analytics/campaigns/compare/hours.csv    analytics:read
            GET    /api/v1/analytics/campaigns/{id}                 analytics:read
            GET    /api/v1/analytics/campaigns/{id}/breakdown.csv   analytics:read
            GET    /api/v1/analytics/campaigns/{id}/series.csv      analytics:read
            GET    /api/v1/analytics/campaigns/{id}/conversions     analytics:read
            GET    /api/v1/analytics/growth                         analytics:read
            GET    /api/v1/analytics/growth.csv                     analytics:read
            GET    /api/v1/analytics/lists/{id}/growth              analytics:read
            GET    /api/v1/analytics/lists/{id}/growth.csv          analytics:read
            GET    /api/v1/analytics/overview                       analytics:read
            GET    /api/v1/analytics/overview.csv                   analytics:read
            GET    /api/v1/audit                                    audit:read
            GET    /api/v1/audit/entries.csv                        audit:read
            GET    /api/v1/audit/entries.jsonl                      audit:read
            GET    /api/v1/audit/verification                       audit:read
            GET    /api/v1/brands                                   brands:read
            POST   /api/v1/brands                                   brands:write
            GET    /api/v1/brands/{id}                              brands:read
            PUT    /api/v1/brands/{id}                              brands:write
            DELETE /api/v1/brands/{id}                              brands:write
            GET    /api/v1/campaigns                                campaigns:read
            POST   /api/v1/campaigns                                campaigns:write
            GET    /api/v1/campaigns/{id}                           campaigns:read
            POST   /api/v1/campaigns/{id}/approve                   campaigns:send
            POST   /api/v1/campaigns/{id}/cancel                    campaigns:write
            GET    /api/v1/campaigns/{id}/check                     campaigns:read
            POST   /api/v1/campaigns/{id}/decline                   campaigns:send
            POST   /api/v1/campaigns/{id}/follow-up                 campaigns:write
            POST   /api/v1/campaigns/{id}/pause                     campaigns:write
            GET    /api/v1/campaigns/{id}/recipients                campaigns:read
            GET    /api/v1/campaigns/{id}/recipients.csv            campaigns:read
            POST   /api/v1/campaigns/{id}/resume                    campaigns:send
            POST   /api/v1/campaigns/{id}/schedule                  campaigns:send
            POST   /api/v1/campaigns/{id}/send                      campaigns:send
            POST   /api/v1/campaigns/{id}/test                      campaigns:send
            POST   /api/v1/campaigns/{id}/unknown/again             campaigns:send
            GET    /api/v1/campaigns/{id}/unknown/decisions         campaigns:read
            POST   /api/v1/campaigns/{id}/unknown/sent              campaigns:send
            GET    /api/v1/contacts                                 contacts:read
            POST   /api/v1/contacts                                 contacts:write
            POST   /api/v1/contacts/add                             contacts:write
            GET    /api/v1/contacts/export.csv.gz                   contacts:read
            POST   /api/v1/contacts/remove                          contacts:write
            GET    /api/v1/contacts/{id}                            contacts:read
            PATCH  /api/v1/contacts/{id}                            contacts:write
            DELETE /api/v1/contacts/{id}                            contacts:write
            GET    /api/v1/contacts/{id}/consent                    contacts:read
            GET    /api/v1/contacts/{id}/history                    contacts:read
            GET    /api/v1/contacts/{id}/topics                     contacts:read
            GET    /api/v1/domains                                  domains:read
            GET    /api/v1/endpoints                                endpoints:read
            POST   /api/v1/endpoints                                endpoints:write
            GET    /api/v1/endpoints/{id}                           endpoints:read
            PATCH  /api/v1/endpoints/{id}                           endpoints:write
            DELETE /api/v1/endpoints/{id}                           endpoints:write  also
            GET    /api/v1/endpoints/{id}/deliveries                endpoints:read
            GET    /api/v1/endpoints/{id}/deliveries/{delivery}     endpoints:read
            POST   /api/v1/endpoints/{id}/replay                    endpoints:write
            POST   /api/v1/endpoints/{id}/secrets                   endpoints:write
            POST   /api/v1/endpoints/{id}/test                      endpoints:write
            POST   /api/v1/events                                   events:write
            POST   /api/v1/events/batch                             events:write
            GET    /api/v1/forms                                    forms:read
            POST   /api/v1/forms                                    forms:write
            GET    /api/v1/forms/{id}                               forms:read
            PUT    /api/v1/forms/{id}                               forms:write
            DELETE /api/v1/forms/{id}                               forms:write
            GET    /api/v1/forms/{id}/requests                      forms:read
            GET    /api/v1/imports                                  imports:read
            POST   /api/v1/imports                                  imports:write
            POST   /api/v1/imports/preview                          imports:write
            GET    /api/v1/imports/{id}                             imports:read
            GET    /api/v1/imports/{id}/events                      imports:read
            GET    /api/v1/imports/{id}/rejects.csv                 imports:read
            POST   /api/v1/imports/{id}/undo                        imports:write
            GET    /api/v1/invitations                              people:read
            POST   /api/v1/invitations                              people:write
            DELETE /api/v1/invitations/{id}                         people:write
            GET    /api/v1/jobs                                     jobs:read
            POST   /api/v1/jobs/bulk                                jobs:operate
            GET    /api/v1/jobs/words                               jobs:read
            GET    /api/v1/jobs/{executionId}                       jobs:read
            PATCH  /api/v1/jobs/{executionId}                       jobs:operate
            POST   /api/v1/jobs/{executionId}/abandon               jobs:operate
            GET    /api/v1/jobs/{executionId}/chunks                jobs:read
            GET    /api/v1/jobs/{executionId}/chunks/{chunkId}      jobs:read
            POST   /api/v1/jobs/{executionId}/chunks/{chunkId}/retry  jobs:operate
            GET    /api/v1/jobs/{executionId}/failures              jobs:read
            GET    /api/v1/jobs/{executionId}/history               jobs:read
            GET    /api/v1/jobs/{executionId}/in-hand               jobs:read
            GET    /api/v1/jobs/{executionId}/rates                 jobs:read
            GET    /api/v1/jobs/{executionId}/logs                  jobs:read
            GET    /api/v1/jobs/{executionId}/restart               jobs:read
            POST   /api/v1/jobs/{executionId}/restart               jobs:operate
            POST   /api/v1/jobs/{executionId}/retry                 jobs:operate
            POST   /api/v1/jobs/{executionId}/stop                  jobs:operate
            GET    /api/v1/jobs/{executionId}/tiles                 jobs:read
            GET    /api/v1/jobs/{executionId}/timeline              jobs:read
            GET    /api/v1/keys                                     keys:read
            POST   /api/v1/keys                                     keys:write
            GET    /api/v1/keys/{id}                                keys:read
            DELETE /api/v1/keys/{id}                                keys:write    also
            POST   /api/v1/keys/{id}/rotate                         keys:write
            GET    /api/v1/lists                                    lists:read
            POST   /api/v1/lists                                    lists:write
            GET    /api/v1/lists/{id}                               lists:read
            PATCH  /api/v1/lists/{id}                               lists:write
            DELETE /api/v1/lists/{id}                               lists:write
            POST   /api/v1/lists/{id}/add                           lists:write
            POST   /api/v1/lists/{id}/remove                        lists:write
            GET    /api/v1/mails                                    mails:read
            POST   /api/v1/mails                                    mails:write
            POST   /api/v1/mails/batch                              mails:write
            GET    /api/v1/mails/{id}                               mails:read
            POST   /api/v1/mails/{id}/cancel                        mails:write
            GET    /api/v1/nodes                                    nodes:read
            GET    /api/v1/nodes/{node}                             nodes:read
            POST   /api/v1/nodes/{node}/drain                       nodes:operate
            POST   /api/v1/nodes/{node}/pause                       nodes:operate
            POST   /api/v1/nodes/{node}/resume                      nodes:operate
            POST   /api/v1/nodes/{node}/thread-dumps                nodes:operate
            GET    /api/v1/nodes/{node}/thread-dumps/{dumpId}       nodes:operate
            GET    /api/v1/oauth-clients                            keys:read
            POST   /api/v1/oauth-clients                            keys:write
            GET    /api/v1/oauth-clients/{id}                       keys:read
            DELETE /api/v1/oauth-clients/{id}                       keys:write    also
            GET    /api/v1/people                                   people:read
            GET    /api/v1/people/{id}                              people:read
            PATCH  /api/v1/people/{id}                              people:write
            DELETE /api/v1/people/{id}                              people:write  also
            GET    /api/v1/people/{id}/sessions                     people:read
            DELETE /api/v1/people/{id}/sessions                     people:write  also
            DELETE /api/v1/people/{id}/sessions/{session}           people:write  also
            GET    /api/v1/privacy/erasures                         privacy:read
            POST   /api/v1/privacy/erasures                         privacy:write
            GET    /api/v1/privacy/erasures/{id}                    privacy:read
            POST   /api/v1/privacy/exports                          privacy:write
            GET    /api/v1/privacy/exports/{id}                     privacy:read
            GET    /api/v1/privacy/exports/{id}/archive.zip         privacy:read
            GET    /api/v1/provider-account                         provider-account:read
            PUT    /api/v1/provider-account                         provider-account:write
            DELETE /api/v1/provider-account                         provider-account:write
            POST   /api/v1/provider-account/check                   provider-account:write
            GET    /api/v1/queues                                   jobs:read
            GET    /api/v1/segments                                 segments:read
            POST   /api/v1/segments                                 segments:write
            POST   /api/v1/segments/preview                         segments:write
            GET    /api/v1/segments/{id}                            segments:read
            DELETE /api/v1/segments/{id}                            segments:write
            POST   /api/v1/segments/{id}/refresh                    segments:write
            GET    /api/v1/suppressions                             suppressions:read
            POST   /api/v1/suppressions                             suppressions:write
            GET    /api/v1/suppressions/{email}                     suppressions:read
            DELETE /api/v1/suppressions/{email}                     suppressions:write
            GET    /api/v1/templates                                templates:read
            POST   /api/v1/templates                                templates:write
            GET    /api/v1/templates/{id}                           templates:read
            PUT    /api/v1/templates/{id}                           templates:write
            DELETE /api/v1/templates/{id}                           templates:write
            POST   /api/v1/templates/{id}/preview                   templates:write
            GET    /api/v1/topics                                   topics:read
            POST   /api/v1/topics                                   topics:write
            GET    /api/v1/topics/{id}                              topics:read
            PATCH  /api/v1/topics/{id}                              topics:write
            DELETE /api/v1/topics/{id}                              topics:write
            POST   /api/v1/topics/{id}/opt-in                       topics:write
            POST   /api/v1/topics/{id}/opt-out                      topics:write
            HEAD   /api/v1/uploads                                  uploads:read
            OPTIONS /api/v1/uploads                                 uploads:read
            *      /api/v1/uploads                                  uploads:write
            HEAD   /api/v1/uploads/{id}                             uploads:read
            OPTIONS /api/v1/uploads/{id}                            uploads:read
            *      /api/v1/uploads/{id}                             uploads:write
            GET    /api/v1/usage                                    workspace:read
            GET    /api/v1/workspace                                workspace:read
            PATCH  /api/v1/workspace                                workspace:write
            POST   /api/v1/workspace/deletion                       workspace:delete  also
            GET    /api/v1/workspace/exports                        workspace:export
            POST   /api/v1/workspace/exports                        workspace:export  also
            GET    /api/v1/workspace/exports/{id}                   workspace:export
            GET    /api/v1/workspace/exports/{id}/archive.zip       workspace:export
            POST   /api/v1/workspace/resume                         workspace:write  also
            POST   /api/v1/workspace/suspend                        workspace:write  also
            POST   /api/v1/workspaces                               workspaces:write
            """;

    static final String CONSOLE =
            """
            GET    /                                 signed-in
            GET    /account                          signed-in  also
            POST   /account/passkeys                 signed-in  also
            POST   /account/passkeys/options         signed-in  also
            POST   /account/passkeys/{id}/remove     signed-in  also
            POST   /account/passkeys/{id}/rename     signed-in  also
            POST   /account/password                 signed-in  also
            POST   /account/second-factor            signed-in  also
            POST   /account/second-factor/confirm    signed-in  also
            POST   /account/second-factor/remove     signed-in  also
            POST   /account/sessions/end             signed-in  also
            POST   /account/sessions/{id}/end        signed-in  also
            POST   /account/workspace                signed-in  also
            GET    /campaigns                        campaigns:read
            GET    /campaigns/{id}                   campaigns:read
            GET    /campaigns/{id}/cancel            campaigns:read
            POST   /campaigns/{id}/cancel            campaigns:write
            GET    /campaigns/{id}/pause             campaigns:read
            POST   /campaigns/{id}/pause             campaigns:write
            GET    /campaigns/{id}/resume            campaigns:read
            POST   /campaigns/{id}/resume            campaigns:send
            GET    /help                             signed-in
            GET    /imports                          imports:read
            POST   /imports                          imports:write
            GET    /imports/{id}                     imports:read
            GET    /imports/{id}/rejects.csv         imports:read
            GET    /jobs                             jobs:read
            GET    /jobs/bulk                        jobs:read
            POST   /jobs/bulk                        jobs:operate
            GET    /jobs/suggestions                 jobs:read
            GET    /jobs/{executionId}               jobs:read
            GET    /jobs/{executionId}/abandon       jobs:read
            POST   /jobs/{executionId}/abandon       jobs:operate
            GET    /jobs/{executionId}/chunks        jobs:read
            GET    /jobs/{executionId}/chunks/{chunkId}   jobs:read
            GET    /jobs/{executionId}/priority      jobs:read
            POST   /jobs/{executionId}/priority      jobs:operate
            GET    /jobs/{executionId}/restart       jobs:read
            POST   /jobs/{executionId}/restart       jobs:operate
            GET    /jobs/{executionId}/retry         jobs:read
            POST   /jobs/{executionId}/retry         jobs:operate
            GET    /jobs/{executionId}/stop          jobs:read
            POST   /jobs/{executionId}/stop          jobs:operate
            GET    /nodes                            nodes:read
            GET    /nodes/{node}/drain               nodes:read
            POST   /nodes/{node}/drain               nodes:operate
            GET    /nodes/{node}/pause               nodes:read
            POST   /nodes/{node}/pause               nodes:operate
            GET    /nodes/{node}/resume              nodes:read
            POST   /nodes/{node}/resume              nodes:operate
            GET    /nodes/{node}/threads             nodes:read
            POST   /nodes/{node}/threads             nodes:operate
            GET    /nodes/{node}/threads/{dump}      nodes:operate
            GET    /queues                           jobs:read
            GET    /sandbox                          sandbox:read
            GET    /sandbox/{id}                     sandbox:read
            POST   /sign-out                         public
            """;

    static final String OPEN =
            """
            *      /sign-in                          public
            *      /sign-in/refused                  public
            *      /sign-in/code                     public
            GET    /sign-in/oidc                     public
            GET    /sign-in/oidc/callback            public
            POST   /sign-in/passkey                  public
            POST   /sign-in/passkey/options          public
            *      /join/{token}                     public
            GET    /reset                            public
            POST   /reset                            public
            *      /reset/{token}                    public
            *      /u/{token}                        public
            *      /p/{token}                        public
            *      /s/{key}                          public
            *      /c/{token}                        public
            GET    /.well-known/oauth-authorization-server  public
            *      /actuator/**                      public
            *      /webjars/**                       public
            *      /static/**                        public
            *      /favicon.ico                      public
            *      /error                            public
            """;

    private AccessTable() {}
}
