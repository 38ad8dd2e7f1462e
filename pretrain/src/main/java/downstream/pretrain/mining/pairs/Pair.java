package downstream.pretrain.mining.pairs;

/**
 * Two regions that may show the same kind of object.
 *
 * @param own position among the query image's regions, from 0
 * @param other position among the neighbour's regions, from 0
 * @param similarity cosine of the two embeddings, in [−1, 1]; NaN if it was drawn at random
 */
public record Pair(int own, int other, float similarity) {}
