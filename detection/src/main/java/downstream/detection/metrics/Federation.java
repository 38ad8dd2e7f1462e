package downstream.detection.metrics;

import java.util.List;
import java.util.Set;

/**
 * Image-level category labels of LVIS: which categories were looked for in which image (Gupta et
 * al., LVIS, 2019). A pair is image × number of categories + category, both as places.
 *
 * @param absent pairs that were checked and found absent
 * @param partial pairs of which not every object is annotated
 * @param frequency per category {@code r}, {@code c} or {@code f}, or "" where the file is silent
 */
public record Federation(Set<Long> absent, Set<Long> partial, List<String> frequency) {
  public Federation {
    absent = Set.copyOf(absent);
    partial = Set.copyOf(partial);
    frequency = List.copyOf(frequency);
  }

  public boolean isAbsent(int image, int category) {
    return absent.contains(pair(image, category, frequency.size()));
  }

  public boolean isPartial(int image, int category) {
    return partial.contains(pair(image, category, frequency.size()));
  }

  public static long pair(int image, int category, int categories) {
    return (long) image * categories + category;
  }
}
