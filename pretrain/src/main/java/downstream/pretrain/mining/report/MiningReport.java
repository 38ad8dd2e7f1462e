package downstream.pretrain.mining.report;

import downstream.eval.AtomicFile;
import downstream.eval.data.ImageSet;
import downstream.pretrain.mining.pairs.MinedPairs;
import downstream.pretrain.mining.regions.ProposalCache;
import downstream.pretrain.views.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The human-readable output of a mining: {@code mining.json}, {@code neighbours.png}, {@code
 * pairs.png}.
 */
public final class MiningReport {
  public static final String FILE = "mining.json";

  private MiningReport() {}

  /** Writes the three files, the numbers last. */
  public static void write(
      MinedPairs mined, ImageSet images, ProposalCache proposals, Path folder) {
    ContactSheets contact = new ContactSheets(mined, images);
    contact.drawNeighbours(folder.resolve("neighbours.png"));
    contact.drawPairs(folder.resolve("pairs.png"));
    MiningStatistics numbers = statistics(mined, images, proposals);
    AtomicFile.write(folder.resolve(FILE), numbers.pretty());
  }

  private static MiningStatistics statistics(
      MinedPairs mined, ImageSet images, ProposalCache proposals) {
    ObjectLabels groundTruth = new ObjectLabels(images);
    BoxRecall recall = new BoxRecall();
    double proposed = 0;
    double kept = 0;
    for (int image = 0; image < mined.size(); image++) {
      List<Region> all = proposals.ranked(images.images().get(image).file());
      recall.add(images, image, groundTruth, all, mined.regions(image));
      proposed += all.size();
      kept += mined.regions(image).size();
    }
    int count = mined.size();
    List<MiningStatistics.Agreement> agreement =
        groundTruth.isKnown() ? agreement(mined, groundTruth) : List.of();
    List<MiningStatistics.Recall> recalls = groundTruth.isKnown() ? recall.rows() : List.of();
    RegionGroups groups = new RegionGroups(mined, images, groundTruth);
    return new MiningStatistics(
        mined.digest(),
        count,
        proposed / count,
        kept / count,
        groups.paired(),
        groups.rows(),
        agreement,
        recalls);
  }

  private static List<MiningStatistics.Agreement> agreement(
      MinedPairs mined, ObjectLabels groundTruth) {
    List<MiningStatistics.Agreement> rows =
        new ArrayList<>(ImageNeighbourAgreement.of(mined, groundTruth));
    rows.addAll(PairAgreement.of(mined, groundTruth));
    return rows;
  }
}
