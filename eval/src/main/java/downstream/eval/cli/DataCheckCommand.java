package downstream.eval.cli;

import downstream.eval.Json;
import downstream.eval.data.Audit;
import downstream.eval.data.SplitAudit;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code data check}: audits a data set. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Audits a data set: counts, histograms, and every defect with its file.",
      "Exit codes: 0 no defect; 1 defects found; 2 the data set cannot be read."
    },
    footer = {"", "Example:", "  downstream data check scenes/data.yaml --format json"})
public final class DataCheckCommand implements Subcommand {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = "Data set: a data YAML, or a folder with data.yaml.")
  Path data;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "Output format: table or json (default: table).")
  Format format;

  enum Format {
    TABLE,
    JSON
  }

  @Override
  public String group() {
    return "data";
  }

  @Override
  public Integer call() {
    Audit audit = Audit.of(data);
    PrintWriter out = spec.commandLine().getOut();
    out.print(format == Format.JSON ? json(audit) : text(audit));
    out.flush();
    return audit.exitCode();
  }

  private static String json(Audit audit) {
    return new String(Json.pretty(audit), StandardCharsets.UTF_8);
  }

  private static String text(Audit audit) {
    StringBuilder text = new StringBuilder(audit.name()).append('\n');
    Table counts = new Table(List.of("split", "images", "without boxes", "boxes"));
    for (SplitAudit split : audit.splits()) {
      counts.row(split.name(), split.images(), split.withoutBoxes(), split.boxes());
    }
    text.append(counts.as(OutputFormat.TABLE));
    histogram(text, "boxes of category", audit.splits(), SplitAudit::boxesByCategory);
    histogram(text, "boxes of size (side, px)", audit.splits(), SplitAudit::boxesBySize);
    histogram(text, "pixels of class", audit.splits(), SplitAudit::pixelsByLabel);
    list(text, "cannot be used", audit.unusable());
    list(text, "defects", audit.defects());
    list(text, "warnings", audit.warnings());
    if (audit.exitCode() == 0) {
      text.append("\nno defects\n");
    }
    return text.toString();
  }

  /**
   * Appends a table with one row for each name and one column for each split; nothing if no split
   * has any.
   */
  private static void histogram(
      StringBuilder text,
      String title,
      List<SplitAudit> splits,
      Function<SplitAudit, Map<String, Long>> counts) {
    Set<String> names = new LinkedHashSet<>();
    splits.forEach(split -> names.addAll(counts.apply(split).keySet()));
    if (names.isEmpty()) {
      return;
    }
    List<String> columns = new ArrayList<>(List.of(title));
    splits.forEach(split -> columns.add(split.name()));
    Table table = new Table(columns);
    for (String name : names) {
      List<Object> row = new ArrayList<>(List.of(name));
      splits.forEach(split -> row.add(counts.apply(split).getOrDefault(name, 0L)));
      table.row(row);
    }
    text.append('\n').append(table.as(OutputFormat.TABLE));
  }

  private static void list(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append('\n').append(lines.size()).append(' ').append(title).append(":\n");
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }
}
