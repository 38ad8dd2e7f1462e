package downstream.pretrain.mining.pairs;

import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.settings.MiningSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random neighbours and random pairs: the control that mining has to beat. */
public final class RandomMatcher {
  private final MiningSettings settings;
  private final ImageRegions regions;
  private final long seed;

  public RandomMatcher(MiningSettings settings, ImageRegions regions, long seed) {
    this.settings = settings;
    this.regions = regions;
    this.seed = seed;
  }

  /** K different other images, and n different pairs with each. */
  public Match match(int query) {
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(seed).nextLong() + query).split();
    List<Neighbour> neighbours = new ArrayList<>();
    List<List<Pair>> pairs = new ArrayList<>();
    int others = regions.images() - 1;
    for (int other : draw(Math.min(settings.neighbours(), others), others, random)) {
      int image = other < query ? other : other + 1;
      neighbours.add(new Neighbour(image, Float.NaN));
      pairs.add(pairs(regions.count(query), regions.count(image), random));
    }
    return new Match(neighbours, pairs);
  }

  private List<Pair> pairs(int rows, int columns, SplittableRandom random) {
    int count = Math.min(settings.pairs(rows), rows * columns);
    return draw(count, rows * columns, random).stream()
        .map(cell -> new Pair(cell / columns, cell % columns, Float.NaN))
        .toList();
  }

  /** Draws so many different numbers below a limit. */
  private static List<Integer> draw(int count, int limit, SplittableRandom random) {
    java.util.LinkedHashSet<Integer> drawn = new java.util.LinkedHashSet<>();
    while (drawn.size() < count) {
      drawn.add(random.nextInt(limit));
    }
    return List.copyOf(drawn);
  }
}
