/** The leaderboard module. */
@NullMarked
package downstream.leaderboard;

import org.jspecify.annotations.NullMarked;
