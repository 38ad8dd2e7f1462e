package downstream.eval.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Rows under named columns. Aligned text and Markdown round fractions to four places; CSV (RFC
 * 4180) and JSON keep every digit. A missing value is empty, or null in JSON, never 0.
 */
public final class Table {
  private final List<String> columns;
  private final List<String> keys;
  private final List<List<Optional<Object>>> rows = new ArrayList<>();

  /** Table whose keys in CSV and JSON are the titles in snake_case. */
  public Table(List<String> columns) {
    this(columns, columns.stream().map(Table::key).toList());
  }

  /**
   * Table whose columns have other names for programs.
   *
   * @param columns titles, human-readable
   * @param keys snake_case, for CSV and JSON
   */
  public Table(List<String> columns, List<String> keys) {
    this.columns = List.copyOf(columns);
    this.keys = List.copyOf(keys);
  }

  /**
   * Adds a row.
   *
   * @param cells one a column: a {@link Number}, a {@link String}, or an {@link Optional} of either
   * @throws IllegalArgumentException if their number is not that of the columns
   */
  public Table row(Object... cells) {
    return row(List.of(cells));
  }

  /** Adds a row, as {@link #row(Object...)}. */
  public Table row(List<?> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(cells.size() + " cells for " + columns);
    }
    List<Optional<Object>> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Optional<?> optional ? optional.map(c -> c) : Optional.of(cell));
    }
    rows.add(row);
    return this;
  }

  /** The whole table in one format, ending in a line break. */
  public String as(OutputFormat format) {
    return switch (format) {
      case TABLE -> text();
      case JSON -> new String(Json.pretty(json()), StandardCharsets.UTF_8);
      case CSV -> csv();
      case MARKDOWN -> markdown();
    };
  }

  /** An array of one object a row. */
  public ArrayNode json() {
    ArrayNode array = Json.MAPPER.createArrayNode();
    for (List<Optional<Object>> row : rows) {
      ObjectNode object = array.addObject();
      for (int i = 0; i < columns.size(); i++) {
        object.set(keys.get(i), Json.MAPPER.valueToTree(row.get(i).orElse(null)));
      }
    }
    return array;
  }

  /** Several words in snake_case; one word, such as the name of a metric, as it is. */
  private static String key(String title) {
    return title.contains(" ") ? title.toLowerCase(Locale.ROOT).replace(' ', '_') : title;
  }

  private String csv() {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(keys.toArray(new String[0])).get();
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      for (List<Optional<Object>> row : rows) {
        printer.printRecord(row.stream().map(cell -> cell.map(String::valueOf).orElse("")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return text.toString();
  }

  private String text() {
    List<List<String>> lines = shown();
    List<Integer> widths =
        IntStream.range(0, columns.size()).map(i -> width(lines, i)).boxed().toList();
    List<Boolean> numeric = IntStream.range(0, columns.size()).mapToObj(this::numeric).toList();
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int i = 0; i < columns.size(); i++) {
        String pad = " ".repeat(widths.get(i) - line.get(i).length());
        padded.append(numeric.get(i) ? pad + line.get(i) : line.get(i) + pad).append("  ");
      }
      text.append(padded.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private String markdown() {
    StringBuilder text = new StringBuilder();
    List<List<String>> lines = shown();
    for (int n = 0; n < lines.size(); n++) {
      List<String> cells = lines.get(n).stream().map(cell -> cell.replace("|", "\\|")).toList();
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
      if (n == 0) {
        for (int i = 0; i < columns.size(); i++) {
          text.append(numeric(i) ? "|---:" : "|---");
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private List<List<String>> shown() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    for (List<Optional<Object>> row : rows) {
      lines.add(row.stream().map(Table::shown).toList());
    }
    return lines;
  }

  private static String shown(Optional<Object> cell) {
    return cell.map(value -> value instanceof Double d ? rounded(d) : value.toString()).orElse("");
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.4f" : "%.1f", value);
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private boolean numeric(int column) {
    return rows.stream()
        .allMatch(row -> row.get(column).map(cell -> cell instanceof Number).orElse(true));
  }
}
