package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Settings of the search for regions and pairs (IOCA, stage 1; ORL, stage 2).
 *
 * @param neighbours K, nearest images of each image; all others if there are fewer
 * @param regions m, most regions kept of an image
 * @param topPairFraction n, the pairs kept with each neighbour, as a fraction of the query's
 *     regions: rounded down, at least 1
 * @param pairSelection which pairs of regions are kept
 * @param imageEmbedding how an image is embedded
 * @param regionEmbedding how a region is embedded
 * @param centerEmbeddings whether embeddings are centred, the data set's mean embedding subtracted,
 *     before they are normalised
 * @param whitenEmbeddings whether embeddings of regions are whitened before they are matched, so
 *     that directions that all regions share count no more than others (Jégou and Chum, ECCV 2012);
 *     they are centred then, too
 * @param whiteningShrinkage share of the mean variance in the covariance that whitening divides by,
 *     which keeps directions of hardly any variance from being blown up
 * @param minRegionSideFraction smallest width and height of a region, as a fraction of its image's
 *     longer side; 0 keeps small regions
 * @param maxRegionAreaFraction largest area of a region, as a fraction of its image's; 1 keeps the
 *     whole image, too
 * @param maxAspectRatio largest ratio of a region's longer to its shorter side
 * @param maxIou largest IoU of a region with one that was kept before
 * @param proposalMode mode of selective search
 * @param searchSidePixels longer side to which smaller images are enlarged before regions are
 *     searched, since selective search is tuned for large ones; 0 searches every image at its own
 *     size
 * @param hubFractionDropped share of all regions that are dropped as hubs: those most like their
 *     nearest regions in other images, mostly ground; each image keeps at least one
 * @param mutualPairs whether both regions of a pair must be the other's nearest in its image
 */
public record MiningSettings(
    int neighbours,
    int regions,
    double topPairFraction,
    PairSelection pairSelection,
    ImageEmbedding imageEmbedding,
    RegionEmbedding regionEmbedding,
    boolean centerEmbeddings,
    boolean whitenEmbeddings,
    double whiteningShrinkage,
    double minRegionSideFraction,
    double maxRegionAreaFraction,
    double maxAspectRatio,
    double maxIou,
    ProposalMode proposalMode,
    int searchSidePixels,
    double hubFractionDropped,
    boolean mutualPairs) {

  /** Ways to choose the pairs of regions that are kept with a neighbour. */
  public enum PairSelection {
    /** The best match of each region of the query; the n best of these are kept. */
    @JsonProperty("row-max")
    ROW_MAX,
    /** The n largest of the whole similarity matrix (ORL): one region may take them all. */
    @JsonProperty("global-top")
    GLOBAL_TOP,
    /** Random neighbours and random pairs, nothing is embedded: the control. */
    @JsonProperty("random")
    RANDOM
  }

  /** Embeddings of an image. */
  public enum ImageEmbedding {
    /** The mean patch token, or the spatial mean of the coarsest map. */
    @JsonProperty("mean")
    MEAN,
    /** The class token, of encoders that have one. */
    @JsonProperty("class-token")
    CLASS_TOKEN
  }

  /** Embeddings of a region. */
  public enum RegionEmbedding {
    /** Cut out, resized to the encoder's input, encoded by itself. */
    @JsonProperty("crop")
    CROP,
    /** Features averaged from the map of the whole image, which is encoded once: cheaper. */
    @JsonProperty("roi-align")
    ROI_ALIGN
  }

  /**
   * Modes of selective search (Uijlings et al. 2013; OpenCV's names): 1, 12 or 100 groupings an
   * image.
   */
  public enum ProposalMode {
    @JsonProperty("single")
    SINGLE,
    @JsonProperty("fast")
    FAST,
    @JsonProperty("quality")
    QUALITY
  }

  /** IOCA's settings; docs/evidence/mining.md has the measurements that chose them. */
  public static final MiningSettings DEFAULTS =
      new MiningSettings(
          10,
          100,
          1,
          PairSelection.ROW_MAX,
          ImageEmbedding.MEAN,
          RegionEmbedding.CROP,
          true,
          true,
          .01,
          .1,
          .5,
          3,
          .5,
          ProposalMode.FAST,
          0,
          .5,
          true);

  /** The settings of the code of ORL's authors, whose 96 pixels are of images 640 wide. */
  public static final MiningSettings ORL =
      new MiningSettings(
          10,
          100,
          .1,
          PairSelection.GLOBAL_TOP,
          ImageEmbedding.MEAN,
          RegionEmbedding.CROP,
          false,
          false,
          .01,
          .15,
          1,
          3,
          .5,
          ProposalMode.FAST,
          0,
          0,
          false);

  private static final int MAX_REGIONS = Short.MAX_VALUE;
  private static final int MIN_SEARCH_SIDE = 32;
  private static final int MAX_SEARCH_SIDE = 2048;
  private static final double ROUNDING = 1e-9;

  public MiningSettings {
    SettingsChecks.that(neighbours > 0, "neighbours must be positive, not " + neighbours);
    SettingsChecks.that(
        regions > 0 && regions <= MAX_REGIONS,
        "regions must be in 1…" + MAX_REGIONS + ", not " + regions);
    SettingsChecks.that(
        topPairFraction > 0 && topPairFraction <= 1,
        "topPairFraction must be in (0, 1], not " + topPairFraction);
    SettingsChecks.that(
        whiteningShrinkage > 0 && whiteningShrinkage <= 1,
        "whiteningShrinkage must be in (0, 1], not " + whiteningShrinkage);
    SettingsChecks.that(
        minRegionSideFraction >= 0 && minRegionSideFraction <= 1,
        "minRegionSideFraction must be in [0, 1], not " + minRegionSideFraction);
    SettingsChecks.that(
        maxRegionAreaFraction > minRegionSideFraction * minRegionSideFraction
            && maxRegionAreaFraction <= 1,
        "maxRegionAreaFraction must be above the square of minRegionSideFraction and at most 1, not"
            + " "
            + maxRegionAreaFraction);
    SettingsChecks.that(
        maxAspectRatio >= 1, "maxAspectRatio must be at least 1, not " + maxAspectRatio);
    SettingsChecks.that(maxIou >= 0 && maxIou <= 1, "maxIou must be in [0, 1], not " + maxIou);
    SettingsChecks.that(
        searchSidePixels == 0
            || (searchSidePixels >= MIN_SEARCH_SIDE && searchSidePixels <= MAX_SEARCH_SIDE),
        "searchSidePixels must be 0 or in "
            + MIN_SEARCH_SIDE
            + "…"
            + MAX_SEARCH_SIDE
            + ", not "
            + searchSidePixels);
    SettingsChecks.that(
        hubFractionDropped >= 0 && hubFractionDropped < 1,
        "hubFractionDropped must be in [0, 1), not " + hubFractionDropped);
  }

  /** n, the pairs per neighbour of a query image with so many regions. */
  public int pairs(int queryRois) {
    return Math.max(1, (int) Math.floor(topPairFraction * queryRois + ROUNDING));
  }

  /** The same with another way to choose pairs. */
  public MiningSettings withPairSelection(PairSelection other) {
    return new MiningSettings(
        neighbours,
        regions,
        topPairFraction,
        other,
        imageEmbedding,
        regionEmbedding,
        centerEmbeddings,
        whitenEmbeddings,
        whiteningShrinkage,
        minRegionSideFraction,
        maxRegionAreaFraction,
        maxAspectRatio,
        maxIou,
        proposalMode,
        searchSidePixels,
        hubFractionDropped,
        mutualPairs);
  }
}
