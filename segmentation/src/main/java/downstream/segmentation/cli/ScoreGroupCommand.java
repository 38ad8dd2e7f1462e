package downstream.segmentation.cli;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.cli.Subcommand;
import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.ClassNames;
import downstream.segmentation.metrics.LabelMapPairs;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code data group}: label maps in which several values are one class. */
@Command(
    name = "group",
    mixinStandardHelpOptions = true,
    description = {
      "Writes label maps in which several classes are merged into one, and classes.txt.",
      "Needs a YAML of group names and values, in the order of the new classes. A value in no"
          + " group",
      "becomes 255, which belongs to no class."
    },
    footer = {
      "",
      "Example:",
      "  downstream data group --masks semantic --groups groups.yaml --out grouped",
      "with groups.yaml:",
      "  person: [1]",
      "  vehicle: [2, 3, 4, 6, 8]",
    })
public final class ScoreGroupCommand implements Subcommand {
  @Spec private CommandSpec spec;

  @Option(
      names = "--masks",
      required = true,
      paramLabel = "DIR",
      description = "Folder or ZIP of label maps.")
  private Path masks;

  @Option(
      names = "--groups",
      required = true,
      paramLabel = "YAML",
      description = "Groups: a YAML file of names and values.")
  private Path groups;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Output folder.")
  private Path out;

  @Override
  public String group() {
    return "data";
  }

  @Override
  public Integer call() {
    JsonNode tree = Json.readYaml(groups);
    List<String> names = tree.properties().stream().map(entry -> entry.getKey().strip()).toList();
    byte[] table = table(tree);
    try (LabelMapPairs maps = LabelMapPairs.open(masks)) {
      long[] pixels = new long[256];
      maps.names().forEach(name -> add(pixels, write(maps.read(name, Set.of()), name, table)));
      ClassNames.write(out.resolve("classes.txt"), names);
      report(maps.names().size(), names, pixels);
    }
    return 0;
  }

  /** Value to class. */
  private byte[] table(JsonNode tree) {
    if (!tree.isObject() || tree.isEmpty() || tree.size() > LabelMap.IGNORE) {
      throw new BadInput(
          groups,
          "holds no groups",
          "Write one line for each new class, 1 to "
              + LabelMap.IGNORE
              + ", of the form 'name: [3, 7]'; the numbers are the pixel values of the label maps"
              + " that become this class");
    }
    byte[] table = new byte[256];
    Arrays.fill(table, (byte) LabelMap.IGNORE);
    Set<Integer> seen = new TreeSet<>();
    byte group = 0;
    for (var entry : tree.properties()) {
      for (int value : values(entry.getKey(), entry.getValue())) {
        if (!seen.add(value)) {
          throw new BadInput(
              groups, "value " + value + " is listed twice", "Keep it in one group only");
        }
        table[value] = group;
      }
      group++;
    }
    return table;
  }

  private List<Integer> values(String group, JsonNode list) {
    boolean fine =
        list.isArray()
            && !list.isEmpty()
            && StreamSupport.stream(list.spliterator(), false)
                .allMatch(v -> v.isInt() && v.intValue() >= 0 && v.intValue() < LabelMap.IGNORE);
    if (!fine) {
      throw new BadInput(
          groups, "group '" + group + "' is '" + list + "'", "Give a list of values, 0 to 254");
    }
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::intValue).toList();
  }

  private LabelMap write(LabelMap map, String name, byte[] table) {
    byte[] classes = new byte[map.values().length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = table[map.values()[i] & 0xFF];
    }
    LabelMap grouped = LabelMap.of(map.width(), map.height(), classes);
    grouped.writePng(out.resolve("masks").resolve(name));
    return grouped;
  }

  private static void add(long[] pixels, LabelMap map) {
    for (byte value : map.values()) {
      pixels[value & 0xFF]++;
    }
  }

  private void report(int maps, List<String> names, long[] pixels) {
    var console = spec.commandLine().getOut();
    long all = Arrays.stream(pixels).sum();
    console.println(maps + " label maps of " + names.size() + " classes in " + out);
    for (int i = 0; i < names.size(); i++) {
      console.println(share(pixels[i], all, names.get(i)));
    }
    console.println(share(pixels[LabelMap.IGNORE], all, "(no class)"));
    console.flush();
  }

  private static String share(long pixels, long all, String name) {
    return String.format(Locale.ROOT, "%5.1f%%  %s", 100.0 * pixels / all, name);
  }
}
