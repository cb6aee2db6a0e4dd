-- 审计记录只能追加：网站的角色 yibao 只能看和添，改不了、删不了、清不空。
-- 装好（migrate 之后）执行一次，恢复到新库以后再执行一次；重复执行无妨：
--   runuser -u postgres -- psql --dbname=yibao --file=deploy/postgresql/audit.sql
-- 库和表归 postgres 所有（库的主人能删任何表）；yibao 仍能在 public 里建表，所以 migrate 照旧由 yibao 执行。

\set ON_ERROR_STOP on
\if :{?app} \else \set app yibao \endif

BEGIN;
SELECT format('ALTER DATABASE %I OWNER TO CURRENT_USER', current_database()) \gexec
ALTER SCHEMA public OWNER TO pg_database_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"app";
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), :'app') \gexec

ALTER TABLE keeping_auditentry OWNER TO CURRENT_USER;
ALTER FUNCTION keeping_auditentry_refuse() OWNER TO CURRENT_USER;
REVOKE ALL ON keeping_auditentry FROM PUBLIC, :"app";
GRANT SELECT, INSERT ON keeping_auditentry TO :"app";
COMMIT;
