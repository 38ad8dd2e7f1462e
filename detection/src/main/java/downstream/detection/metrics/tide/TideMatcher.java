package downstream.detection.metrics.tide;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.EvaluatorSettings;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.Overlaps;
import downstream.detection.metrics.ScoreOrder;
import downstream.detection.metrics.mask.IntList;
import downstream.detection.metrics.tide.Tide.Kind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives every detection its ground truth, or its kind of error, image by image over all classes.
 */
final class TideMatcher {
  private static final double FOREGROUND = 0.5;
  private static final double BACKGROUND = 0.1;
  private static final int NONE = -1;

  private final BoxTable groundTruth;
  private final BoxTable found;
  private final Overlaps overlaps;
  private final int limit;

  private final IntList kept = new IntList();
  private final @Nullable Kind[] kind;
  private final int[] target;
  private final BitSet used = new BitSet();

  /** Strongest error by ground truth: the one that would be fixed into it. */
  private final int[] fixer;

  TideMatcher(GroundTruth gt, BoxTable found, EvaluatorSettings settings) {
    this.groundTruth = gt.boxes();
    this.found = found;
    this.overlaps = Overlaps.of(settings.iou(), found, groundTruth);
    this.limit = settings.lastMaxDets();
    this.kind = new Kind[found.size];
    this.target = new int[found.size];
    this.fixer = new int[groundTruth.size];
    Arrays.fill(fixer, NONE);
    int images = gt.imageIds().size();
    int categories = gt.categoryNames().size();
    int[] groundTruthRows = groundTruth.byImage(images);
    int[] rows = found.byImage(images);
    int g = 0;
    int d = 0;
    for (int image = 0; image < images; image++) {
      int[] objects = image(groundTruth, groundTruthRows, g, image);
      int[] detections = image(found, rows, d, image);
      g += objects.length;
      d += detections.length;
      match(objects, best(detections, categories));
    }
  }

  private static int[] image(BoxTable table, int[] rows, int from, int image) {
    int to = from;
    while (to < rows.length && table.image[rows[to]] == image) {
      to++;
    }
    return Arrays.copyOfRange(rows, from, to);
  }

  /**
   * Returns the detections that the evaluator uses, too: the best of every class, by falling score.
   */
  private int[] best(int[] rows, int categories) {
    ScoreOrder.sort(rows, 0, rows.length, found.score);
    int[] seen = new int[rows.length == 0 ? 0 : categories];
    return Arrays.stream(rows).filter(row -> seen[found.category[row]]++ < limit).toArray();
  }

  private void match(int[] all, int[] rows) {
    int[] objects = Arrays.stream(all).filter(row -> !groundTruth.crowd.get(row)).toArray();
    int[] crowds = Arrays.stream(all).filter(groundTruth.crowd::get).toArray();
    IntList wrong = new IntList();
    for (int row : rows) {
      int free = most(row, objects, t -> isOwn(row, t) && !used.get(t));
      if (overlap(row, free) >= FOREGROUND) {
        used.set(free);
        kept.add(row);
      } else if (overlap(row, most(row, crowds, t -> isOwn(row, t))) <= FOREGROUND) {
        wrong.add(row);
        kept.add(row);
      }
    }
    for (int row : wrong.toArray()) {
      name(row, objects);
    }
  }

  private void name(int row, int[] objects) {
    int own = most(row, objects, t -> isOwn(row, t));
    int other = most(row, objects, t -> !isOwn(row, t));
    double ownOverlap = overlap(row, own);
    double otherOverlap = overlap(row, other);
    if (own != NONE && ownOverlap >= BACKGROUND && ownOverlap <= FOREGROUND) {
      point(row, Kind.Loc, own);
    } else if (otherOverlap >= FOREGROUND) {
      point(row, Kind.Cls, other);
    } else if (ownOverlap >= FOREGROUND) {
      kind[row] = Kind.Dupe;
    } else {
      kind[row] = Math.max(ownOverlap, otherOverlap) <= BACKGROUND ? Kind.Bkg : Kind.Both;
    }
  }

  private void point(int row, Kind error, int object) {
    kind[row] = error;
    target[row] = object;
    boolean first = fixer[object] == NONE || found.score[row] > found.score[fixer[object]];
    if (!used.get(object) && first) {
      fixer[object] = row;
    }
  }

  private interface Choice {
    boolean allows(int object);
  }

  /** The object a detection covers most, the first of equals; NONE if none is allowed. */
  private int most(int row, int[] objects, Choice choice) {
    int best = NONE;
    double most = -1;
    for (int object : objects) {
      if (choice.allows(object) && overlaps.of(row, object) > most) {
        most = overlaps.of(row, object);
        best = object;
      }
    }
    return best;
  }

  private double overlap(int row, int object) {
    return object == NONE ? 0 : overlaps.of(row, object);
  }

  private boolean isOwn(int row, int object) {
    return groundTruth.category[object] == found.category[row];
  }

  /** Rows that count, images in order. */
  int[] kept() {
    return kept.toArray();
  }

  /** The error of a row that counts, or null if it is right. */
  @Nullable Kind kind(int row) {
    return kind[row];
  }

  /** The ground truth that a Cls or Loc error points at. */
  int target(int row) {
    return target[row];
  }

  /**
   * Tells whether correcting a Cls or Loc error makes the detection find its ground truth;
   * otherwise it makes the error go away.
   */
  boolean fixes(int row) {
    boolean points = kind[row] == Kind.Cls || kind[row] == Kind.Loc;
    return points && fixer[target[row]] == row;
  }

  /** Ground truth that was not found and that no error points at. */
  int[] missed() {
    return IntStream.range(0, groundTruth.size)
        .filter(row -> !groundTruth.crowd.get(row) && !used.get(row) && fixer[row] == NONE)
        .toArray();
  }
}
