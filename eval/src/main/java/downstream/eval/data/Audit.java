package downstream.eval.data;

import downstream.eval.BadInput;
import downstream.eval.data.annotation.Category;
import downstream.eval.data.annotation.DataFile;
import downstream.eval.data.annotation.DataIssues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Facts about a data set that need no training: every defect at once, every image decoded to its
 * last pixel.
 *
 * @param splits those that can be read
 * @param unusable why a split, or the whole set, cannot be read at all
 * @param defects what {@link DataSets#open} would refuse, one sentence each, naming the file
 * @param warnings what reading would correct
 */
public record Audit(
    String name,
    List<SplitAudit> splits,
    List<String> unusable,
    List<String> defects,
    List<String> warnings) {
  public Audit {
    splits = List.copyOf(splits);
    unusable = List.copyOf(unusable);
    defects = List.copyOf(defects);
    warnings = List.copyOf(warnings);
  }

  /**
   * Audits a data set.
   *
   * @param yamlOrFolder a data YAML, or a folder that holds {@code data.yaml}
   * @throws BadInput if the YAML itself cannot be used
   */
  public static Audit of(Path yamlOrFolder) {
    DataFile data = DataFile.read(yamlOrFolder);
    Set<String> unusable = new LinkedHashSet<>();
    Set<String> defects = new LinkedHashSet<>();
    Set<String> warnings = new LinkedHashSet<>();
    List<Split> splits = new ArrayList<>();
    List<Category> labels = DataSets.labels(data);
    for (String name : data.splits().keySet()) {
      DataIssues issues = new DataIssues(DataIssues.Mode.COLLECT);
      try {
        splits.add(Split.read(data, name, issues));
      } catch (BadInput reason) {
        unusable.add(reason.getMessage());
      }
      defects.addAll(issues.defects());
      warnings.addAll(issues.warnings());
    }
    compare(splits, defects, warnings);
    List<SplitAudit> audits = new ArrayList<>();
    try {
      var categories = Split.unite(data, splits.stream().map(Split::categories).toList());
      splits.forEach(split -> audits.add(SplitAudit.of(split, categories, labels, data.ignore())));
    } catch (BadInput reason) {
      unusable.add(reason.getMessage());
    }
    return new Audit(
        data.name(), audits, List.copyOf(unusable), List.copyOf(defects), List.copyOf(warnings));
  }

  /** Looks for images that are byte for byte the same. */
  private static void compare(List<Split> splits, Set<String> defects, Set<String> warnings) {
    record Seen(String split, ImageRecord image) {}
    Map<String, Seen> seen = new HashMap<>();
    for (Split split : splits) {
      for (int i = 0; i < split.images().size(); i++) {
        Seen here = new Seen(split.name(), split.images().get(i));
        Seen other = seen.putIfAbsent(split.checks().get(i).image(), here);
        if (other != null) {
          String message =
              here.image.file()
                  + " of '"
                  + here.split
                  + "': has the same bytes as "
                  + other.image.file()
                  + " of '"
                  + other.split
                  + "'";
          boolean leak =
              !here.split.equals(other.split)
                  && (here.split.equals(DataFile.TRAIN) || other.split.equals(DataFile.TRAIN));
          (leak ? defects : warnings).add(message + (leak ? ": trained on and scored on" : ""));
        }
      }
    }
  }

  /** 0 without defects, 1 with defects, 2 if the set cannot be used at all. */
  public int exitCode() {
    if (!unusable.isEmpty()) {
      return 2;
    }
    return defects.isEmpty() ? 0 : 1;
  }

  /** Names of size bins, by the side of a square of the same area, in pixels. */
  static final List<String> SIZES =
      List.of("<8", "8-16", "16-32", "32-64", "64-96", "96-128", "128-256", ">=256");

  private static final int[] SIZE_LIMITS = {8, 16, 32, 64, 96, 128, 256};

  /** The bin of an area: 32² and 96² are COCO's limits of small and medium. */
  static String size(double area) {
    double side = Math.sqrt(area);
    int bin = (int) IntStream.of(SIZE_LIMITS).filter(limit -> side >= limit).count();
    return SIZES.get(bin);
  }
}
