-- Who runs the mailbox of an address, and what an open or a click was made with: small tables that an
-- operator may add to. Neither holds anything of a workspace's.

CREATE TABLE mailbox_domain (
    domain  text COLLATE "C" PRIMARY KEY CHECK (domain = lower(domain)),
    mailbox text COLLATE "C" NOT NULL CHECK (mailbox <> '')
);
INSERT INTO mailbox_domain (domain, mailbox)
SELECT domain, mailbox
  FROM (VALUES
        ('gmail', 'gmail.com googlemail.com'),
        ('outlook', 'outlook.com outlook.de outlook.fr outlook.es outlook.it outlook.jp outlook.com.br outlook.co.uk '
                    'hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es hotmail.com.br '
                    'live.com live.co.uk live.fr live.nl live.de live.it live.se live.dk live.com.mx msn.com passport.com windowslive.com'),
        ('yahoo', 'yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.in yahoo.com.br yahoo.com.mx '
                  'yahoo.com.ar yahoo.ca yahoo.in yahoo.com.au yahoo.com.sg yahoo.com.ph yahoo.co.id ymail.com rocketmail.com aol.com aol.co.uk aim.com'),
        ('apple', 'icloud.com me.com mac.com privaterelay.appleid.com')) AS known (mailbox, domains)
 CROSS JOIN LATERAL regexp_split_to_table(domains, ' ') AS domain;

-- The first pattern that is found in the user agent wins; what none is found in is unknown.
CREATE TABLE user_agent_pattern (
    position int  PRIMARY KEY,
    pattern  text NOT NULL CHECK (pattern <> '' AND ('' ~* pattern) IS NOT NULL),
    device   text COLLATE "C" NOT NULL CHECK (device IN ('desktop', 'mobile', 'tablet', 'unknown')),
    client   text COLLATE "C" NOT NULL CHECK (client <> '')
);
COMMENT ON COLUMN user_agent_pattern.pattern IS 'A regular expression, whatever the case; one that cannot be read is refused by the check';
INSERT INTO user_agent_pattern (position, pattern, device, client) VALUES
    -- The image proxies of providers say whose mailbox it is, and hide the device.
    ( 10, 'GoogleImageProxy|ggpht',                 'unknown', 'gmail'),
    ( 20, 'YahooMailProxy',                         'unknown', 'yahoo'),
    ( 30, 'DuckDuckGo.*Proxy|BrightMail|Barracuda', 'unknown', 'proxy'),
    ( 40, 'Outlook-iOS.*iPad',                      'tablet',  'outlook'),
    ( 50, 'Outlook-iOS|Outlook-Android',            'mobile',  'outlook'),
    ( 60, 'Microsoft Outlook|MSOffice|MacOutlook|Microsoft Office', 'desktop', 'outlook'),
    ( 70, 'Thunderbird',                            'desktop', 'thunderbird'),
    ( 80, 'YahooMobile|Yahoo.*Mail.*(Android|iPhone)', 'mobile', 'yahoo'),
    ( 90, 'SamsungEmail|Samsung.*Email',            'mobile',  'samsung'),
    -- A browser names itself; a mail program that shows pages with WebKit does not.
    (100, 'iPad.*(Safari|CriOS|FxiOS)',             'tablet',  'browser'),
    (110, 'iPad',                                   'tablet',  'apple mail'),
    (120, '(iPhone|iPod).*(Safari|CriOS|FxiOS)',    'mobile',  'browser'),
    (130, 'iPhone|iPod',                            'mobile',  'apple mail'),
    (140, 'Kindle|Silk|PlayBook|Tablet',            'tablet',  'browser'),
    (150, 'Android.*Mobile',                        'mobile',  'browser'),
    (160, 'Android',                                'tablet',  'browser'),
    (170, 'Windows Phone|BlackBerry|BB10',          'mobile',  'browser'),
    (180, 'Macintosh.*(Safari|Chrome|Firefox|Edg)', 'desktop', 'browser'),
    (190, 'Macintosh.*AppleWebKit',                 'desktop', 'apple mail'),
    (200, 'Windows|Macintosh|X11|CrOS',             'desktop', 'browser'),
    -- Apple's privacy proxy says this and nothing else.
    (210, '^Mozilla/5\.0$',                         'unknown', 'apple mail');

REVOKE INSERT, UPDATE, DELETE ON mailbox_domain, user_agent_pattern FROM mailgenius_app;
