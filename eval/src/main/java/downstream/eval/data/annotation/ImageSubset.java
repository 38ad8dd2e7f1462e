package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.image.ImageFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Selection of the source's images that belong to the split: by list file, folder and file-name
 * prefix.
 */
final class ImageSubset {
  private ImageSubset() {}

  /**
   * The names that belong to the split, sorted.
   *
   * @param names all names of the source, relative, with {@code /}
   * @throws BadInput if a listed image does not exist (unless defects are left out), or nothing is
   *     selected
   */
  static List<String> of(SourceLocation place, Collection<String> names, DataIssues issues) {
    Source source = place.source();
    String prefix = source.prefix() == null ? "" : source.prefix();
    String folder = source.folder() == null ? "" : source.folder().replaceAll("/+$", "") + "/";
    Collection<String> listed =
        source.list() == null ? names : listed(place.file("list"), names, issues);
    List<String> selected =
        listed.stream()
            .filter(name -> name.startsWith(folder))
            .filter(name -> name.substring(name.lastIndexOf('/') + 1).startsWith(prefix))
            .sorted()
            .toList();
    if (selected.isEmpty()) {
      throw new BadInput(
          place,
          "selects none of " + names.size() + " images",
          "Check its paths, 'list', 'folder' and 'prefix'");
    }
    return selected;
  }

  private static Set<String> listed(Path list, Collection<String> names, DataIssues issues) {
    Map<String, List<String>> byEntry = new HashMap<>();
    for (String name : names) {
      byEntry.computeIfAbsent(name, key -> new ArrayList<>()).add(name);
      if (!ImageFile.stem(name).equals(name)) {
        byEntry.computeIfAbsent(ImageFile.stem(name), key -> new ArrayList<>()).add(name);
      }
    }
    Set<String> listed = new LinkedHashSet<>();
    String text = new String(ImageFile.bytes(list), StandardCharsets.UTF_8);
    List<String> lines = text.replace("\uFEFF", "").lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String entry = entry(lines.get(i));
      if (!entry.isEmpty()) {
        String where = list + ", line " + (i + 1);
        List<String> found = byEntry.getOrDefault(entry, List.of());
        if (found.size() != 1) {
          issues.defect(where, problem(entry, found), fix(entry, found, byEntry.keySet()));
        } else if (!listed.add(found.get(0))) {
          issues.warn(where, "'" + entry + "' is listed twice; it counts once");
        }
      }
    }
    return listed;
  }

  /** A line without VOC's flag of presence, which says nothing about membership. */
  private static String entry(String line) {
    return line.strip().replaceFirst("\\s+(-1|0|1)$", "");
  }

  private static String problem(String entry, List<String> found) {
    return found.isEmpty()
        ? "no image is called '" + entry + "'"
        : "'" + entry + "' may be any of " + found;
  }

  private static String fix(String entry, List<String> found, Set<String> known) {
    return found.isEmpty()
        ? "Did you mean '" + Json.nearest(entry, known) + "'?"
        : "Write it with its extension";
  }
}
