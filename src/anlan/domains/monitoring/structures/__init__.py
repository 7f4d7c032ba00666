"""边坡与尾矿库: structures that are judged by how their points move, not by one limit (S11, GB 51214, GB 39496)."""
