/** The leaderboard: rows, ranking, comparison, claims, the HTML page. */
@NullMarked
package downstream.leaderboard;

import org.jspecify.annotations.NullMarked;
