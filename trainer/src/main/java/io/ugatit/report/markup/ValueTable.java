package io.ugatit.report.markup;

import io.ugatit.job.Untrusted;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Words and numbers in rows and columns, as HTML: columns of numbers are aligned to the right.
 *
 * @param headings of the columns, at least one
 * @param rows as long as the headings
 */
public record ValueTable(List<String> headings, List<List<String>> rows) {

    /** @throws IllegalArgumentException if there are no headings, or a row is not as long as they are */
    public ValueTable {
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != headings.size()) {
                throw new IllegalArgumentException("a row has " + row.size() + " values, not " + headings.size() + ": " + row);
            }
        }
        if (headings.isEmpty()) {
            throw new IllegalArgumentException("a table needs a column at least");
        }
    }

    /** The table, for a page or the output of a notebook's cell. */
    public String html() {
        StringWriter table = new StringWriter();
        try {
            Html html = new Html(table);
            html.raw("<table>\n<thead>");
            row(html, headings, "th");
            html.raw("</thead>\n<tbody>\n");
            for (List<String> row : rows) {
                row(html, row, "td");
            }
            html.raw("</tbody>\n</table>\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return table.toString();
    }

    /** The table in lines of text, for a terminal: columns two spaces apart, those of numbers aligned to the right. */
    public List<String> lines() {
        return new ValueTable(printable(headings), rows.stream().map(ValueTable::printable).toList()).printed();
    }

    private static List<String> printable(List<String> values) {
        return values.stream().map(Untrusted::printable).toList();
    }

    private List<String> printed() {
        int[] widths = IntStream.range(0, headings.size()).map(column -> Stream.concat(Stream.of(headings), rows.stream())
                .mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        return Stream.concat(Stream.of(headings), rows.stream()).map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - row.get(column).length());
            line.append(isNumeric(column) ? padding + row.get(column) : row.get(column) + padding).append("  ");
        }
        return line.toString().stripTrailing();
    }

    /** Of which no value begins with a letter; an empty one stands for a number that there is not. */
    private boolean isNumeric(int column) {
        return rows.stream().map(row -> row.get(column)).noneMatch(value -> !value.isEmpty() && Character.isLetter(value.charAt(0)));
    }

    private void row(Html html, List<String> values, String element) throws IOException {
        html.raw("<tr>");
        for (int column = 0; column < values.size(); column++) {
            html.raw("<" + element + " style=\"text-align:" + (isNumeric(column) ? "right" : "left") + "\">").text(values.get(column))
                    .raw("</" + element + ">");
        }
        html.raw("</tr>\n");
    }
}
