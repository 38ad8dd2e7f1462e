/** Statistics of differences: over images and over seeds. */
@NullMarked
package downstream.leaderboard.statistics;

import org.jspecify.annotations.NullMarked;
