package io.mailgenius.jobs.templates.liquid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Liquid as implemented by Shopify and LiquidJS. Each line has a template and its result. */
class LiquidLanguageTest {

    private static final LiquidParser PARSER =
            new LiquidParser(10_000, 512 * 1024, Duration.ofSeconds(5), List.of());

    private static final Map<String, Object> VALUES = values();

    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", "Ada");
        values.put("text", "one two  three");
        values.put("number", "12");
        values.put("seven", 7);
        values.put("price", 9.5);
        values.put("yes", true);
        values.put("no", false);
        values.put("nothing", null);
        values.put("none", List.of());
        values.put("list", List.of("b", "a", "C"));
        values.put("numbers", List.of(3, 1, 2));
        values.put("mixed", Arrays.asList(2, "x", null, 1));
        values.put("nested", List.of(1, List.of(2, List.of(3))));
        values.put("object", new LinkedHashMap<>(Map.of("a", 1)));
        values.put("first-name", "Hy");
        values.put("größe", "XL");
        values.put("emoji", "a😀b");
        values.put(
                "people",
                List.of(
                        Map.of("name", "Eva", "age", 40, "vip", true),
                        Map.of("name", "bob", "age", 30),
                        Map.of("age", 50, "vip", false),
                        Map.of("name", "Ann", "age", 40)));
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            textBlock =
                    """
                    # conditions with what is missing, empty or blank
                    {% if none == empty %}y{% endif %}{% if name == empty %}n{% endif %} → y
                    {% if nothing == blank and no == blank and '  ' == blank %}y{% endif %} → y
                    {% if name != blank %}y{% endif %}{% if seven == blank %}n{% endif %} → y
                    {% if missing == empty %}n{% else %}y{% endif %} → y
                    {% if missing > 1 or missing < 1 or 1 > missing %}n{% else %}y{% endif %} → y
                    {% if missing contains 'a' or name contains missing %}n{% else %}y{% endif %} → y
                    {% if list contains missing or object contains missing %}n{% else %}y{% endif %} → y
                    {% if missing == nil and nothing == null %}y{% endif %} → y
                    {% if seven > 'abc' or list < 3 or object > 1 %}n{% else %}y{% endif %} → y
                    {% if seven contains 7 %}n{% else %}y{% endif %} → y
                    {% case none %}{% when empty %}y{% endcase %} → y
                    {% case missing %}{% when blank %}y{% endcase %} → y
                    # conditions
                    {% if 1 == 1.0 and '1' != 1 %}y{% endif %} → y
                    {% if number > 9 and number == 12 %}y{% endif %} → y
                    {% if 'a' < 'b' and 'B' < 'a' %}y{% endif %} → y
                    {% if name <> 'Bob' %}y{% endif %} → y
                    {% if false and true or true %}n{% else %}y{% endif %} → y
                    {% if 0 and '' and none %}y{% endif %} → y
                    {% assign a = 'b,a,C' | split: ',' %}{% if a == list %}y{% endif %} → y
                    {% if list contains 'a' and numbers contains 3 and object contains 'a' %}y{% endif %} → y
                    {% if name contains 'da' and 'a7' contains 7 %}y{% endif %} → y
                    {% if (1..3) == (1..3) %}y{% endif %}{% assign r = (1..9) %}{% if r contains 4 %}y{% endif %} → yy
                    {% unless yes %}n{% elsif no %}n{% else %}y{% endunless %} → y
                    # names and lookups
                    {{ first-name }} {{ größe }} {{ ['first-name'] }} → Hy XL Hy
                    {{ list[-1] }}{{ list[9] }}{{ list.first }}{{ list.last }}{{ list.size }} → CbC3
                    {{ name.size }}{{ name.first }}{{ object.size }}{{ object.first[0] }} → 3A1a
                    {{ people[0].name }} {{ people[seven].name }} {{ object['a'] }} → `Eva  1`
                    {{ self['name'] }} → Ada
                    {{ name . size }} → 3
                    # what goes out
                    {{ list }} {{ numbers }} {{ object }} {{ (1..3) }} → `baC 312 {"a"=>1} 1..3`
                    {{ nested }}{{ yes }}{{ nothing }}{{ empty }}{{ blank }} → 123true
                    {{ }}{% echo %}{% echo name | upcase %} → ADA
                    {{ list | append: '!' }} → `["b", "a", "C"]!`
                    # default
                    {{ no | default: 'x' }} {{ no | default: 'x', allow_false: true }} → x false
                    {{ none | default: 'x' }}{{ '' | default: 'y' }}{{ 0 | default: 'n' }} → xy0
                    {{ missing | default: missing }}{{ no | default }} → ``
                    # lists and their properties
                    {{ list | sort | join }} {{ list | sort_natural | join: '-' }} → C a b a-b-C
                    {{ mixed | sort | join: ',' }} → `1,2,x,`
                    {{ people | sort: 'name' | map: 'age' | join: ',' }} → `40,40,30,50`
                    {{ people | sort_natural: 'name' | map: 'age' | join: ',' }} → `40,30,40,50`
                    {{ people | uniq: 'age' | map: 'age' | join: ',' }} → `40,30,50`
                    {{ people | uniq: 'vip' | size }} {{ mixed | uniq | size }} → 3 4
                    {{ people | compact: 'name' | size }} {{ mixed | compact | size }} → 3 3
                    {{ people | where: 'vip' | size }}{{ people | where: 'age', 40 | size }} → 12
                    {{ people | where: 'vip', false | size }}{{ people | where: 'no', 'x' | size }} → 10
                    {{ people | reject: 'vip' | size }}{{ people | reject: 'age', 40 | size }} → 32
                    {{ people | has: 'age', 50 }} {{ people | has: 'age', 51 }} → true false
                    {% assign p = people | find: 'age', 40 %}{{ p.name }}{{ people | find: 'age', 1 }} → Eva
                    {{ people | find_index: 'age', 50 }}{{ people | find_index: 'age', 51 }} → 2
                    {{ people | sum: 'age' }} {{ numbers | sum }} {{ nested | sum }} {{ list | sum }} → 160 6 6 0
                    {{ list | where: 'a' | join }}{{ list | has: 'a' }} → atrue
                    {{ mixed | has: 'zz' }} → ``
                    {{ list | concat: numbers | join: '' }} {{ 'a' | concat: list | join: '' }} → baC312 abaC
                    {{ numbers | reverse | join }} {{ nested | join: '-' }} {{ missing | reverse }} → `2 1 3 1-2-3 `
                    {{ list | first }}{{ list | last }}{{ 'ab' | first }}{{ 7 | first }}{{ none | last }} → bCa
                    {{ list | slice: 1 }}{{ list | slice: -2, 2 | join }}{{ list | slice: 9 | size }} → aa C0
                    {{ list | size }}{{ missing | size }}{{ emoji | size }}{{ object | size }} → 3031
                    {{ (1..4) | sum }} {{ (1..4) | map: 'x' | size }} {{ (3..1) | size }} {{ (1..3) | reverse | join }} → 10 4 0 3 2 1
                    {{ (1..seven) | last }} {{ ('2'..4) | join }} {{ (1.9..3) | join }} {{ (1..missing) | join }} → `7 2 3 4 1 2 3 `
                    # texts
                    {{ 'liquid' | slice: 2 }}{{ 'liquid' | slice: -3, 2 }}{{ emoji | slice: 1 }}[{{ 'a' | slice: 5 }}] → qui😀[]
                    {{ 'a,b,,' | split: ',' | size }} {{ ' a  b ' | split: ' ' | join: '+' }} {{ emoji | split: '' | join: '-' }} → 2 a+b a-😀-b
                    {{ 'a' | split: missing | size }}{{ missing | split: ',' | size }} → 10
                    {{ text | truncatewords: 2 }} {{ text | truncatewords: 3 }} {{ text | truncatewords: 0, '!' }} → `one two... one two  three one!`
                    {{ emoji | truncate: 2, '' }} {{ 'abcdef' | truncate: 5 }} {{ 'abcdef' | truncate: 1, '...' }} → a😀 ab... ...
                    {{ 'hELLO you' | capitalize }} {{ 'ß' | upcase }} → Hello you SS
                    {{ 'a.b.a' | replace_first: 'a', 'x' }} {{ 'a.b.a' | replace_last: 'a', 'x' }} {{ 'a.b.a' | replace: 'a' }} → x.b.a a.b.x .b.
                    {{ 'a.b.a' | remove_first: 'a' }} {{ 'a.b.a' | remove_last: 'a' }} {{ 'a.b.a' | remove: 'a' }} → .b.a a.b. .b.
                    {{ '  a  b ' | squish }}[{{ ' a ' | lstrip }}][{{ ' a ' | rstrip }}] → `a b[a ][ a]`
                    {{ 'ü/ ~*' | url_encode }} {{ 'a+%C3%BC%zz' | url_decode }} → %C3%BC%2F+~%2A a ü%zz
                    {{ '?>~ü' | base64_encode }} {{ '?>~ü' | base64_url_safe_encode }} → Pz5+w7w= Pz5-w7w=
                    {{ 'Pz5+w7w=' | base64_decode }} {{ 'Pz5-w7w=' | base64_url_safe_decode }} → ?>~ü ?>~ü
                    # numbers, and what is none
                    {{ 'abc' | plus: 1 }} {{ missing | minus: 2 }} {{ '12abc' | times: 2 }} {{ object | plus: 1 }} → 1 -2 24 1
                    {{ '1.5' | plus: '2' }} {{ 10.1 | minus: 2.2 }} {{ 0.1 | plus: 0.2 }} {{ price | times: 2 }} → 3.5 7.9 0.3 19.0
                    {{ 7 | divided_by: 2 }} {{ -7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }} {{ 20 | divided_by: 7.0 }} → 3 -4 3.5 2.857142857142857
                    {{ -7 | modulo: 3 }} {{ 7.5 | modulo: 2 }} {{ '-3' | abs }} {{ 'x' | abs }} → 2 1.5 3 0
                    {{ 2.5 | round }} {{ -2.5 | round }} {{ 1.255 | round: 2 }} {{ 1250 | round: -2 }} {{ '1.55' | round: '1' }} → 3 -3 1.26 1300 1.6
                    {{ 1.2 | ceil }} {{ -1.2 | floor }} {{ 3 | at_least: 5 }} {{ 3 | at_most: 'x' }} → 2 -2 5 0
                    {{ 100000000000 | times: 100000000000 }} {{ 10000000.0 }} {{ 1 | times: 1.0 }} → 10000000000000000000000 10000000.0 1.0
                    # loops
                    {% for i in (1..6) limit: 2 %}{{ i }}{% endfor %}{% for i in (1..6) offset: continue limit: 3 %}{{ i }}{% endfor %} → 12345
                    {% for i in numbers reversed %}{{ i }}{{ forloop.rindex0 }}{% endfor %} → 221130
                    {% for i in numbers, limit: 2, offset: 1 %}{{ i }}{% endfor %}{% for i in numbers limit: '1' %}{{ i }}{% endfor %} → 123
                    {% for p in object %}{{ p[0] }}={{ p[1] }}{% endfor %}{% for c in name %}{{ c }}{% endfor %} → a=1Ada
                    {% for i in missing %}n{% else %}y{% endfor %}{% for i in seven %}n{% else %}y{% endfor %} → yy
                    {% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.parentloop.index }}{{ forloop.index }} {% endfor %}{% endfor %} → `11 12 21 22 `
                    {% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}{{ i }} → 13
                    {% for i in (1..3) %}{% assign i = 9 %}{{ i }}{% endfor %}{{ i }} → 1239
                    {% for i in list %}{{ forloop.name }}{% break %}{% endfor %} → i-list
                    a{% break %}b → a
                    {% cycle 'a', 'b' %}{% cycle 'a', 'b' %}{% cycle 'x': 'a', 'b' %}{% cycle name, 'b' %}{% cycle name, 'b' %} → abaAdaAda
                    {% for i in (1..3) %}{% ifchanged %}{{ seven }}{% endifchanged %}{% endfor %} → 7
                    {% increment a %}{% increment a %}{{ a }}{% decrement b %}{% increment seven %}{{ seven }} → 012-178
                    # tags
                    {% case seven %}{% when 1 or 7 %}a{% when 7, 8 %}b{% else %}c{% endcase %} → ab
                    {% case seven %}{% endcase %}{% case seven %}{% else %}y{% endcase %} → y
                    {% capture x %}{{ name }}!{% endcapture %}{% assign y = x %}{{ y }}{{ x.size }} → Ada!4
                    {% comment %}{% comment %}{% if %}{% endcomment %}{{ {% endcomment %}y → y
                    {% comment %}{% raw %}{% endcomment %}{% endraw %}{% endcomment %}y → y
                    {% doc %}{{ a {% if %}{% enddoc %}y{%# a {{ b }} %}{%- # c -%} → y
                    {% raw %}{{ a }}{% b %} {%{% endraw %}! → {{ a }}{% b %} {%!
                    {% liquid assign a = 1 %}{{ a }}{% liquid %} → 1
                    {% if yes %}  {% assign a = 1 %}  {% endif %}{% for i in (1..2) %} {% endfor %}y → y
                    {% if no %}a{% else what ever %}b{% else %}c{% endif ok %} → b
                    # white space
                    a {{- name -}} b {%- if yes -%} c {%- endif -%} d → aAdabcd
                    a {%- raw -%} b {%- endraw -%} c → `a b c`
                    a {%- comment -%} b {%- endcomment -%} c → ac
                    """)
    void liquid_renders_like_other_implementations(String template, String expected) {
        assertThat(render(template)).isEqualTo(expected);
    }

    @Test
    void the_lines_of_a_liquid_tag_are_tags() {
        assertThat(
                        render(
                                """
                                {%- liquid
                                  # a comment
                                  comment
                                    if nobody reads this
                                  endcomment
                                  for i in (1..3)
                                    if i == 2
                                      continue
                                    endif
                                    assign x = i | times: 2
                                    echo x
                                    liquid echo '!'
                                  endfor
                                -%}
                                """))
                .isEqualTo("2!6!");
    }

    @Test
    void a_table_has_rows_and_columns() {
        assertThat(
                        render(
                                "{% tablerow n in (1..5) cols: 2 limit: 3 offset: '1' %}{{ n }}{{ tablerowloop.col_last }}{% endtablerow %}"))
                .isEqualTo(
                        """
                        <tr class="row1">
                        <td class="col1">2false</td><td class="col2">3true</td></tr>
                        <tr class="row2"><td class="col1">4false</td></tr>
                        """);
        assertThat(render("{% tablerow n in missing %}{{ n }}{% endtablerow %}")).isEmpty();
    }

    private static String render(String template) {
        return PARSER.parse(template, Escaping.NONE).render(VALUES, null);
    }
}
