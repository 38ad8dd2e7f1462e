package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How regions and pairs are mined (IOCA, stage 1; ORL, stage 2).
 *
 * @param neighbours K, images looked at for each image; all others if there are fewer
 * @param rois m, regions kept of an image
 * @param pairShare n as a share of the query's regions: rounded down, at least 1, per neighbour
 * @param rule which pairs are the best
 * @param imageEmbedding what images are compared by
 * @param roiEmbedding what regions are compared by
 * @param centred whether the data set's mean is taken off before lengths are made 1
 * @param minSide least width and height of a region, as a share of its image's longer side; 0 keeps
 *     the small ones
 * @param maxAspect of a region, longer over shorter side
 * @param maxIou largest overlap of a region with one that was kept before
 * @param proposals which mode of selective search
 */
public record MiningSettings(
    int neighbours,
    int rois,
    double pairShare,
    Rule rule,
    ImageEmbedding imageEmbedding,
    RoiEmbedding roiEmbedding,
    boolean centred,
    double minSide,
    double maxAspect,
    double maxIou,
    ProposalMode proposals) {

  /** Which pairs of regions are kept for a neighbour. */
  public enum Rule {
    /** Each region of the query proposes its best match; the n best proposals are kept. */
    @JsonProperty("per-roi")
    PER_ROI,
    /** The n largest of the whole similarity matrix (ORL): one region may take them all. */
    @JsonProperty("flattened")
    FLATTENED,
    /** Neighbours and pairs are drawn by lot and nothing is embedded: the control. */
    @JsonProperty("random")
    RANDOM
  }

  /** What of the encoder's output stands for an image. */
  public enum ImageEmbedding {
    /** The mean patch token, or the spatial mean of the coarsest map. */
    @JsonProperty("mean")
    MEAN,
    /** The class token, of encoders that have one. */
    @JsonProperty("class-token")
    CLASS_TOKEN
  }

  /** How a region is embedded. */
  public enum RoiEmbedding {
    /** Cut out, resized to the encoder's input, encoded by itself. */
    @JsonProperty("crop")
    CROP,
    /** Averaged from the map of the whole image, which is encoded once: cheaper. */
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

  /** As IOCA decides. */
  public static final MiningSettings DEFAULTS =
      new MiningSettings(
          10,
          100,
          .1,
          Rule.PER_ROI,
          ImageEmbedding.MEAN,
          RoiEmbedding.CROP,
          true,
          .15,
          3,
          .5,
          ProposalMode.FAST);

  /** As the code of ORL's authors does: their 96 pixels are of images 640 wide. */
  public static final MiningSettings ORL = DEFAULTS.withRule(Rule.FLATTENED).withCentred(false);

  private static final int MOST_ROIS = Short.MAX_VALUE;
  private static final double ROUNDING = 1e-9;

  public MiningSettings {
    check(neighbours > 0, "neighbours must be positive, not " + neighbours);
    check(rois > 0 && rois <= MOST_ROIS, "rois must be in 1…" + MOST_ROIS + ", not " + rois);
    check(pairShare > 0 && pairShare <= 1, "pairShare must be in (0, 1], not " + pairShare);
    check(minSide >= 0 && minSide <= 1, "minSide must be in [0, 1], not " + minSide);
    check(maxAspect >= 1, "maxAspect must be at least 1, not " + maxAspect);
    check(maxIou >= 0 && maxIou <= 1, "maxIou must be in [0, 1], not " + maxIou);
  }

  private static void check(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** n, the pairs per neighbour of a query image with so many regions. */
  public int pairs(int queryRois) {
    return Math.max(1, (int) Math.floor(pairShare * queryRois + ROUNDING));
  }

  /** The same under another rule. */
  public MiningSettings withRule(Rule other) {
    return new MiningSettings(
        neighbours,
        rois,
        pairShare,
        other,
        imageEmbedding,
        roiEmbedding,
        centred,
        minSide,
        maxAspect,
        maxIou,
        proposals);
  }

  private MiningSettings withCentred(boolean other) {
    return new MiningSettings(
        neighbours,
        rois,
        pairShare,
        rule,
        imageEmbedding,
        roiEmbedding,
        other,
        minSide,
        maxAspect,
        maxIou,
        proposals);
  }
}
