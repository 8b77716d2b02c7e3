#!/usr/bin/env bash
# A walk through the API: import, segment, template, campaign, figures. Needs curl and python3.
#
#   ./mailgenius serve                                      # prints the key of the first workspace
#   MAILGENIUS_API_KEY=mg_... samples/walk.sh [contacts.csv]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly url=${MAILGENIUS_URL:-http://localhost:8080}
readonly key=${MAILGENIUS_API_KEY:?set MAILGENIUS_API_KEY to the key that the first start printed}
run=$(date +%s)
readonly run

# call METHOD PATH [curl options]: prints the answer, and stops with the problem when there is one.
call() {
    local method=$1 path=$2 answer
    shift 2
    answer=$(curl -sS -X "$method" "$url$path" -H "Authorization: Bearer $key" -w '\n%{http_code}' "$@")
    case "${answer##*$'\n'}" in
        2*) printf '%s\n' "${answer%$'\n'*}" ;;
        *)
            echo "$method $path was answered with ${answer##*$'\n'}: ${answer%$'\n'*}" >&2
            exit 1
            ;;
    esac
}

post() {
    call POST "$1" -H 'Content-Type: application/json' -d "$2"
}

# field NAME[.NAME]: reads one value out of the JSON on standard input.
field() {
    python3 -c 'import functools, json, sys
print(functools.reduce(lambda o, k: o[k], sys.argv[1].split("."), json.load(sys.stdin)))' "$1"
}

# until_status PATH WANTED BUSY...: asks until the status is the wanted one; any other that is not busy ends the walk.
until_status() {
    local path=$1 wanted=$2 status
    shift 2
    while true; do
        status=$(call GET "$path" | field status)
        [ "$status" != "$wanted" ] || return 0
        case " $* " in
            *" $status "*) sleep 0.5 ;;
            *)
                echo "$path is $status" >&2
                exit 1
                ;;
        esac
    done
}

file=${1-}
if [ -z "$file" ]; then
    file=$(mktemp)
    trap 'rm -f "$file"' EXIT
    cat >"$file" <<'CSV'
email,first_name,last_name,city,country,plan,signup_date,score
zoe@example.com,Zoë,Müller,"Frankfurt
am Main",DE,pro,2024-02-29,812
ben@example.com,Ben,"Brown, Jr.","Washington, D.C.",US,free,2023-07-01,40
lucia@example.com,Lucía,García,Madrid,ES,pro,2022-11-30,455
not-an-address,Nobody,Nowhere,,,free,2024-01-01,1
CSV
fi

echo "== 1. Import the file"
import=$(call POST /api/v1/imports -F "file=@$file;type=text/csv;filename=contacts.csv" \
    -F 'options={};type=application/json' | field id)
until_status "/api/v1/imports/$import" COMPLETED PENDING RUNNING
call GET "/api/v1/imports/$import"
echo "-- and what was refused:"
call GET "/api/v1/imports/$import/rejects.csv" | head -n 5

echo "== 2. Who is meant: everybody on the pro plan"
rule='{"all":[{"field":"attributes.plan","op":"equals","value":"pro"}]}'
echo "-- $(post /api/v1/segments/preview "{\"rule\":$rule}" | field count) contacts"
segment=$(post /api/v1/segments "{\"name\":\"Pro $run\",\"rule\":$rule}" | field id)
until_status "/api/v1/segments/$segment" READY BUILDING

echo "== 3. What they are told"
template=$(python3 -c 'import json, sys
print(json.dumps({"name": "News " + sys.argv[1], "subject": "News for {{ contact.first_name }}", "html": open("template.html").read()}))' \
    "$run")
template=$(post /api/v1/templates "$template" | field id)

echo "== 4. Send it"
campaign=$(post /api/v1/campaigns "{\"name\":\"News $run\",\"subject\":\"News for {{ contact.first_name }}\",
    \"from\":\"MailGenius <news@example.com>\",\"templateId\":$template,\"audience\":{\"segmentId\":$segment}}" | field id)
post "/api/v1/campaigns/$campaign/send" '{}' >/dev/null
until_status "/api/v1/campaigns/$campaign" SENT SENDING

echo "== 5. What became of it"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    sleep 1
    delivered=$(call GET "/api/v1/campaigns/$campaign" | field counts.delivered)
    [ "$delivered" = 0 ] || break
done
call GET "/api/v1/campaigns/$campaign"
