package downstream.pretrain.mining;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.frozen.FeatureCache;
import downstream.eval.run.execute.TrainingFolderLock;
import downstream.pretrain.mining.embedding.EmbeddingProjection;
import downstream.pretrain.mining.embedding.Embeddings;
import downstream.pretrain.mining.embedding.RegionEmbedder;
import downstream.pretrain.mining.pairs.Hubness;
import downstream.pretrain.mining.pairs.Match;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.pairs.NearestImages;
import downstream.pretrain.mining.pairs.Neighbour;
import downstream.pretrain.mining.pairs.PairsHeader;
import downstream.pretrain.mining.pairs.PairsWriter;
import downstream.pretrain.mining.pairs.RandomMatcher;
import downstream.pretrain.mining.pairs.RegionMatcher;
import downstream.pretrain.mining.pairs.RegionVectors;
import downstream.pretrain.mining.pairs.UnitVectors;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.mining.regions.ProposalCache;
import downstream.pretrain.mining.report.MiningReport;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.MiningSettings.PairSelection;
import downstream.pretrain.settings.MiningSettings.RegionEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds regions and pairs of regions that may show the same kind of object, without labels: IOCA's
 * stage 1 after its MAE, ORL's stage 2 (Xie et al. 2021).
 */
public final class Mining {
  /** The result file, which is written last. */
  public static final String FILE = "pairs.jsonl";

  private static final String PROPOSALS = "proposals";
  private static final String EMBEDDINGS = "embeddings";
  private static final int PROJECTED = 1024;

  private final Inputs inputs;
  private final ImageSet images;
  private final MiningSettings settings;
  private final EncoderFile encoder;
  private final Path folder;

  /**
   * The input of a mining.
   *
   * @param encoder an ONNX file with a spec; not run with the pair selection {@code random}
   * @param images at least two; boxes, if they have any, are used for statistics alone
   * @param projection of image embeddings, applied before images are compared
   * @param proposals folder that keeps proposals, to be shared by minings of the same images;
   *     {@code proposals} in the output folder if empty
   * @param seed random seed of the pair selection {@code random}
   * @param threads how many images are worked on at once; changes no result
   * @param device where the encoder runs
   */
  public record Inputs(
      Path encoder,
      ImageSet images,
      MiningSettings settings,
      Optional<EmbeddingProjection> projection,
      Optional<Path> proposals,
      long seed,
      int threads,
      Device device) {
    public Inputs {
      if (images.images().size() < 2) {
        throw new BadInput(
            images.name(), "holds one image only", "Give at least two images to mine");
      }
      if (threads < 1) {
        throw new IllegalArgumentException("threads must be at least 1, not " + threads);
      }
    }
  }

  private Mining(Inputs inputs, Path folder) {
    this.inputs = inputs;
    this.folder = folder;
    images = inputs.images();
    settings = inputs.settings();
    encoder = EncoderFile.read(inputs.encoder());
  }

  /**
   * Mines into a folder. What is already there is not done again: proposals, embeddings, and all of
   * it if {@code pairs.jsonl} is there.
   *
   * @throws BadInput if the folder holds the pairs of another mining, another process is at work in
   *     it, or an input cannot be used
   */
  public static MinedPairs mine(Inputs inputs, Path folder) {
    MinedPairs mined = find(inputs, folder);
    if (!Files.exists(folder.resolve(MiningReport.FILE))) {
      ProposalCache proposals = new Mining(inputs, folder).proposals();
      MiningReport.write(mined, inputs.images(), proposals, folder);
    }
    return mined;
  }

  /** The same as {@link #mine}, without statistics and contact sheets. */
  static MinedPairs find(Inputs inputs, Path folder) {
    Mining mining = new Mining(inputs, folder);
    Path file = folder.resolve(FILE);
    if (Files.exists(file)) {
      mining.refuseOther(file);
    } else {
      mining.writeAlone();
    }
    return MinedPairs.read(file, inputs.images());
  }

  private ProposalCache proposals() {
    Path kept = inputs.proposals().orElse(folder.resolve(PROPOSALS));
    return new ProposalCache(kept, settings.proposalMode(), settings.searchSidePixels());
  }

  /** Writes the result while holding the lock of the folder. */
  private void writeAlone() {
    try (TrainingFolderLock lock = TrainingFolderLock.take(folder)) {
      write(lock.folder().resolve(FILE));
    } catch (IOException e) {
      throw new BadInput(folder, "cannot be unlocked (" + e + ")", "Check the disk for errors", e);
    }
  }

  private void refuseOther(Path file) {
    String found = MinedPairs.header(file).identity();
    if (!found.equals(header().identity())) {
      throw new BadInput(
          file,
          "is the result of another mining: it holds "
              + found
              + ", asked for is "
              + header().identity(),
          "Choose another folder, or delete the file");
    }
  }

  private PairsHeader header() {
    String projection = inputs.projection().map(EmbeddingProjection::digest).orElse("");
    return PairsHeader.of(
        settings,
        encoder.name(),
        encoder.digest(),
        projection,
        images.fingerprint(),
        images.images().size(),
        inputs.seed());
  }

  private void write(Path file) {
    ProposalCache cache = proposals();
    if (settings.pairSelection() == PairSelection.RANDOM) {
      ImageRegions regions = ImageRegions.find(images, settings, cache, inputs.threads());
      write(file, 0, regions, new RandomMatcher(settings, regions, inputs.seed())::match);
      return;
    }
    // The encoder first: whatever is wrong with it shows before the long search.
    try (RegionEmbedder embedder =
        new RegionEmbedder(encoder, settings.imageEmbedding(), inputs.device())) {
      long flops = embedder.flops();
      Embeddings embeddings =
          new Embeddings(embedder, images, settings, folder.resolve(EMBEDDINGS), inputs.threads());
      List<List<Neighbour>> neighbours = neighbours(embeddings);
      ImageRegions regions = ImageRegions.find(images, settings, cache, inputs.threads());
      try (FeatureCache rows = vectors(embeddings, regions)) {
        boolean centred = settings.centerEmbeddings() && !settings.whitenEmbeddings();
        RegionVectors all = RegionVectors.of(regions, rows, embedder.width(), centred);
        float[][] hubness = Hubness.measure(all, inputs.threads());
        ImageRegions kept = regions.withoutHubs(hubness, settings.hubFractionDropped());
        RegionMatcher matcher = new RegionMatcher(settings, all.of(kept));
        write(file, spent(flops, regions), kept, i -> matcher.match(i, neighbours.get(i)));
      }
    }
  }

  /** The embeddings that regions are compared by, not yet centred where they are not whitened. */
  private FeatureCache vectors(Embeddings embeddings, ImageRegions regions) {
    FeatureCache rows = embeddings.ofRegions(regions);
    if (!settings.whitenEmbeddings()) {
      return rows;
    }
    try (rows) {
      return embeddings.whitened(regions, rows);
    }
  }

  private List<List<Neighbour>> neighbours(Embeddings embeddings) {
    int count = images.images().size();
    float[][] vectors;
    try (FeatureCache rows = embeddings.ofImages()) {
      vectors = IntStream.range(0, count).mapToObj(i -> row(rows, i)).toArray(float[][]::new);
    }
    if (inputs.projection().isPresent()) {
      project(inputs.projection().get(), vectors);
    }
    float[][] all = vectors;
    int width = all[0].length;
    double[] mean =
        settings.centerEmbeddings()
            ? UnitVectors.mean(count, width, i -> all[i])
            : UnitVectors.zero(width);
    for (float[] vector : all) {
      UnitVectors.normalise(vector, mean);
    }
    return NearestImages.find(all, settings.neighbours(), inputs.threads());
  }

  /** Projects in parts, so that memory does not grow with the set. */
  private static void project(EmbeddingProjection projection, float[][] vectors) {
    for (int start = 0; start < vectors.length; start += PROJECTED) {
      int end = Math.min(vectors.length, start + PROJECTED);
      float[][] part = projection.apply(Arrays.copyOfRange(vectors, start, end));
      System.arraycopy(part, 0, vectors, start, part.length);
    }
  }

  private static float[] row(FeatureCache rows, int index) {
    return rows.read(index)
        .orElseThrow(() -> new IllegalStateException("image " + index + " lost its embedding"));
  }

  /** Floating-point operations of all embeddings, stored ones included. */
  private long spent(long forward, ImageRegions regions) {
    long count = images.images().size();
    long crops = settings.regionEmbedding() == RegionEmbedding.CROP ? regions.total() : count;
    long projected = inputs.projection().map(EmbeddingProjection::flops).orElse(0L);
    return (count + crops) * forward + count * projected;
  }

  private void write(
      Path file, long flops, ImageRegions regions, java.util.function.IntFunction<Match> matcher) {
    List<String> names = new ArrayList<>();
    images.images().stream().map(ImageRecord::name).forEach(names::add);
    PairsWriter.write(file, header().withFlops(flops), names, regions, matcher, inputs.threads());
  }
}
