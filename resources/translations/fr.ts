<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About QC Station</source>
        <translation>À propos de QC Station</translation>
    </message>
    <message>
        <source>About</source>
        <translation>À propos</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>Licences</translation>
    </message>
    <message>
        <source>QC Station {}</source>
        <translation>QC Station {}</translation>
    </message>
    <message>
        <source>Quality-control station for visual inspection: OK, NG or REVIEW, with the defect shown and named.</source>
        <translation>Poste de contrôle visuel de la qualité&#xa0;: OK, REBUT ou À REVOIR, avec le défaut montré et nommé.</translation>
    </message>
    <message>
        <source>Licence of the program: MIT.</source>
        <translation>Licence du programme : MIT.</translation>
    </message>
    <message>
        <source>Qt and PySide6 are © The Qt Company Ltd. and used under the GNU Lesser General Public License, version 3. They are separate files in the program&apos;s folder, which you may replace by your own build; the licence is in the list, and the Qt Project gives out the source code.</source>
        <translation>Qt et PySide6 sont © The Qt Company Ltd. et utilisés sous la GNU Lesser General Public License, version 3. Ce sont des fichiers séparés dans le dossier du programme, que vous pouvez remplacer par votre propre version ; la licence figure dans la liste, et le Qt Project fournit le code source.</translation>
    </message>
    <message>
        <source>The basic weights of the network (EfficientNet-lite0) come with a package whose metadata name no licence; Google published the originals under Apache 2.0. Clear that with whoever clears licences in your company.</source>
        <translation>Les poids de base du réseau (EfficientNet-lite0) viennent d’un paquet dont les métadonnées ne nomment aucune licence ; Google a publié les originaux sous Apache 2.0. Faites valider ce point par le responsable des licences de votre entreprise.</translation>
    </message>
    <message>
        <source>A model that you teach is yours, within the licence of its pictures.</source>
        <translation>Un modèle que vous avez appris est à vous, dans les limites de la licence de ses images.</translation>
    </message>
    <message>
        <source>Python {python}, Qt {qt}, PySide6 {pyside}</source>
        <translation>Python {python}, Qt {qt}, PySide6 {pyside}</translation>
    </message>
    <message>
        <source>Data: {}</source>
        <translation>Données&#xa0;: {}</translation>
    </message>
</context>
<context>
    <name>AccessDesk</name>
    <message>
        <source>Nobody is logged in.</source>
        <translation>Personne n’est connecté.</translation>
    </message>
    <message>
        <source>{name} is logged in: {role}.</source>
        <translation>{name} est connecté&#xa0;: {role}.</translation>
    </message>
    <message>
        <source>Locked after a while without input. Inspection goes on.</source>
        <translation>Verrouillage après inactivité. Le contrôle continue.</translation>
    </message>
    <message>
        <source>{} is logged out. Inspection goes on.</source>
        <translation>{} est déconnecté. Le contrôle continue.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;Station</source>
        <translation>&amp;Poste</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Affichage</translation>
    </message>
    <message>
        <source>&amp;History</source>
        <translation>&amp;Historique</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>&amp;Revue</translation>
    </message>
    <message>
        <source>&amp;Learning</source>
        <translation>App&amp;rentissage</translation>
    </message>
    <message>
        <source>Re&amp;cipes</source>
        <translation>Re&amp;cettes</translation>
    </message>
    <message>
        <source>H&amp;elp</source>
        <translation>A&amp;ide</translation>
    </message>
    <message>
        <source>Start or pause</source>
        <translation>Démarrer ou mettre en pause</translation>
    </message>
    <message>
        <source>Inspect one part now</source>
        <translation>Contrôler une pièce maintenant</translation>
    </message>
    <message>
        <source>Check the golden samples …</source>
        <translation>Contrôler les pièces étalons…</translation>
    </message>
    <message>
        <source>Golden samples …</source>
        <translation>Pièces étalons…</translation>
    </message>
    <message>
        <source>Release without a check …</source>
        <translation>Libérer sans contrôle…</translation>
    </message>
    <message>
        <source>Shift report …</source>
        <translation>Rapport d’équipe…</translation>
    </message>
    <message>
        <source>Triggers …</source>
        <translation>Déclencheurs…</translation>
    </message>
    <message>
        <source>New lot …</source>
        <translation>Nouveau lot…</translation>
    </message>
    <message>
        <source>Override a verdict …</source>
        <translation>Forcer un verdict…</translation>
    </message>
    <message>
        <source>Sounds for NG, REVIEW and stop</source>
        <translation>Sons pour rebut, à revoir et arrêt</translation>
    </message>
    <message>
        <source>Log in or switch user …</source>
        <translation>Se connecter ou changer d’utilisateur…</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>Se déconnecter</translation>
    </message>
    <message>
        <source>Users …</source>
        <translation>Utilisateurs…</translation>
    </message>
    <message>
        <source>Backup and restore</source>
        <translation>Sauvegarde et restauration</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>Contrôle</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Revue</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>Apprentissage</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistiques</translation>
    </message>
    <message>
        <source>Recipes</source>
        <translation>Recettes</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Seuils</translation>
    </message>
    <message>
        <source>Maintenance</source>
        <translation>Maintenance</translation>
    </message>
    <message>
        <source>Show heatmaps</source>
        <translation>Afficher les cartes de chaleur</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Plein écran</translation>
    </message>
    <message>
        <source>Export as CSV …</source>
        <translation>Exporter en CSV…</translation>
    </message>
    <message>
        <source>Parts since the last good golden-sample check</source>
        <translation>Pièces depuis le dernier contrôle d’étalons réussi</translation>
    </message>
    <message>
        <source>Undo the last answer</source>
        <translation>Annuler la dernière réponse</translation>
    </message>
    <message>
        <source>Settings of the review queue …</source>
        <translation>Réglages de la file de revue …</translation>
    </message>
    <message>
        <source>Teach a product from a folder …</source>
        <translation>Apprendre un produit depuis un dossier…</translation>
    </message>
    <message>
        <source>Teach a product from the camera …</source>
        <translation>Apprendre un produit depuis la caméra…</translation>
    </message>
    <message>
        <source>Retrain with the reviewed parts</source>
        <translation>Réapprendre avec les pièces revues</translation>
    </message>
    <message>
        <source>Roll back to the model before</source>
        <translation>Revenir au modèle précédent</translation>
    </message>
    <message>
        <source>Export the chosen model …</source>
        <translation>Exporter le modèle choisi…</translation>
    </message>
    <message>
        <source>Import a model …</source>
        <translation>Importer un modèle…</translation>
    </message>
    <message>
        <source>Export the recipe …</source>
        <translation>Exporter la recette…</translation>
    </message>
    <message>
        <source>Import a recipe …</source>
        <translation>Importer une recette…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Diagnostics for support …</source>
        <translation>Diagnostic pour l’assistance…</translation>
    </message>
    <message>
        <source>About QC Station</source>
        <translation>À propos de QC Station</translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message>
        <source>Teach from a folder</source>
        <translation>Apprentissage d’un dossier</translation>
    </message>
    <message>
        <source>Teach from the camera</source>
        <translation>Apprentissage par la caméra</translation>
    </message>
    <message>
        <source>Retrain</source>
        <translation>Réapprentissage</translation>
    </message>
    <message>
        <source>Export as CSV</source>
        <translation>Export CSV</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sauvegarde</translation>
    </message>
    <message>
        <source>Check of a backup</source>
        <translation>Vérification d’une sauvegarde</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restauration</translation>
    </message>
    <message>
        <source>Check of the log</source>
        <translation>Vérification du journal</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnostic</translation>
    </message>
    <message>
        <source>Export of a model</source>
        <translation>Export d’un modèle</translation>
    </message>
    <message>
        <source>Import of a model</source>
        <translation>Import d’un modèle</translation>
    </message>
    <message>
        <source>Comparison of two models</source>
        <translation>Comparaison de deux modèles</translation>
    </message>
    <message>
        <source>▶ running</source>
        <translation>▶ en cours</translation>
    </message>
    <message>
        <source>… cancelling</source>
        <translation>… annulation</translation>
    </message>
    <message>
        <source>✓ done</source>
        <translation>✓ terminé</translation>
    </message>
    <message>
        <source>✗ failed</source>
        <translation>✗ échec</translation>
    </message>
    <message>
        <source>– cancelled</source>
        <translation>– annulé</translation>
    </message>
    <message>
        <source>{stage}: {share} %</source>
        <translation>{stage} : {share} %</translation>
    </message>
    <message>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
</context>
<context>
    <name>ActivityView</name>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Activité</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avancement</translation>
    </message>
    <message>
        <source>Time left or taken</source>
        <translation>Reste ou durée</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Qui</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>Début</translation>
    </message>
    <message>
        <source>Activities</source>
        <translation>Activités</translation>
    </message>
    <message>
        <source>Nothing runs. Teaching, exports, backups and checks appear here.</source>
        <translation>Rien en cours. Apprentissages, exports, sauvegardes et vérifications s’affichent ici.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Cancel the chosen activity</source>
        <translation>Annuler l’activité choisie</translation>
    </message>
</context>
<context>
    <name>AnswerPanel</name>
    <message>
        <source>Good</source>
        <translation>Bonne</translation>
    </message>
    <message>
        <source>New defect class …</source>
        <translation>Nouveau défaut…</translation>
    </message>
    <message>
        <source>Can&apos;t tell</source>
        <translation>Indécidable</translation>
    </message>
    <message>
        <source>Ask …</source>
        <translation>Demander …</translation>
    </message>
    <message>
        <source>Ask a colleague about this part (A)</source>
        <translation>Demander l’avis d’un collègue sur cette pièce (A)</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Passer</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Defect</source>
        <translation>Défaut</translation>
    </message>
    <message>
        <source>Name of the defect, then Enter</source>
        <translation>Nom du défaut, puis Entrée</translation>
    </message>
    <message>
        <source>Name of a new defect class</source>
        <translation>Nom d’une nouvelle classe de défaut</translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message>
        <source>Backup made</source>
        <translation>Sauvegarde faite</translation>
    </message>
    <message>
        <source>Restore refused</source>
        <translation>Restauration refusée</translation>
    </message>
    <message>
        <source>Restore asked for</source>
        <translation>Restauration demandée</translation>
    </message>
    <message>
        <source>Restore withdrawn</source>
        <translation>Restauration abandonnée</translation>
    </message>
    <message>
        <source>Backup restored</source>
        <translation>Sauvegarde restaurée</translation>
    </message>
    <message>
        <source>Backup restored elsewhere</source>
        <translation>Sauvegarde restaurée ailleurs</translation>
    </message>
    <message>
        <source>Diagnostics written</source>
        <translation>Diagnostic enregistré</translation>
    </message>
    <message>
        <source>Logged in</source>
        <translation>Connexion</translation>
    </message>
    <message>
        <source>Log-in failed</source>
        <translation>Connexion échouée</translation>
    </message>
    <message>
        <source>Locked out</source>
        <translation>Accès bloqué</translation>
    </message>
    <message>
        <source>Logged out</source>
        <translation>Déconnexion</translation>
    </message>
    <message>
        <source>Logged out by the idle lock</source>
        <translation>Déconnexion par inactivité</translation>
    </message>
    <message>
        <source>Model activated</source>
        <translation>Modèle activé</translation>
    </message>
    <message>
        <source>Model exported</source>
        <translation>Modèle exporté</translation>
    </message>
    <message>
        <source>Model imported</source>
        <translation>Modèle importé</translation>
    </message>
    <message>
        <source>Model added</source>
        <translation>Modèle ajouté</translation>
    </message>
    <message>
        <source>Rolled back to model</source>
        <translation>Retour au modèle</translation>
    </message>
    <message>
        <source>Settings changed</source>
        <translation>Réglages modifiés</translation>
    </message>
    <message>
        <source>User let in again</source>
        <translation>Utilisateur réadmis</translation>
    </message>
    <message>
        <source>User added</source>
        <translation>Utilisateur ajouté</translation>
    </message>
    <message>
        <source>Badge changed</source>
        <translation>Badge changé</translation>
    </message>
    <message>
        <source>Badge removed</source>
        <translation>Badge retiré</translation>
    </message>
    <message>
        <source>User deactivated</source>
        <translation>Utilisateur désactivé</translation>
    </message>
    <message>
        <source>PIN changed</source>
        <translation>Code PIN changé</translation>
    </message>
    <message>
        <source>Role changed</source>
        <translation>Rôle changé</translation>
    </message>
    <message>
        <source>audit trail</source>
        <translation>piste d’audit</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>réponses</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>masques</translation>
    </message>
    <message>
        <source>First at row {row} of the {chain}.</source>
        <translation>Première anomalie : ligne {row} ({chain}).</translation>
    </message>
</context>
<context>
    <name>AuditView</name>
    <message>
        <source>Not checked yet.</source>
        <translation>Pas encore vérifiée.</translation>
    </message>
    <message>
        <source>✓ Unbroken up to event {events}; {reviews} answers and {masks} masks as well.</source>
        <translation>✓ Intacte jusqu’à l’événement {events}, ainsi que {reviews} réponses et {masks} masques.</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Rechercher (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search in the audit trail</source>
        <translation>Rechercher dans la piste d’audit</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Qui</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Plus anciens</translation>
    </message>
    <message>
        <source>Read earlier events</source>
        <translation>Lire les événements plus anciens</translation>
    </message>
    <message>
        <source>Check the chain</source>
        <translation>Vérifier la chaîne</translation>
    </message>
    <message>
        <source>Finds events, answers and masks that were changed after they were written.</source>
        <translation>Trouve les événements, réponses et masques modifiés après leur écriture.</translation>
    </message>
    <message>
        <source>Audit trail</source>
        <translation>Piste d’audit</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>N°</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Détails</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>Tous</translation>
    </message>
    <message>
        <source>{n} of {all} events read</source>
        <translation>{n} sur {all} événements lus</translation>
    </message>
</context>
<context>
    <name>Backup</name>
    <message>
        <source>{} kB</source>
        <translation>{} ko</translation>
    </message>
    <message>
        <source>{} MB</source>
        <translation>{} Mo</translation>
    </message>
    <message>
        <source>{} GB</source>
        <translation>{} Go</translation>
    </message>
    <message>
        <source>Database: verdicts, answers, users, audit trail</source>
        <translation>Base : verdicts, réponses, utilisateurs, audit</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Pictures that models were taught from</source>
        <translation>Images d’apprentissage des modèles</translation>
    </message>
    <message>
        <source>Painted masks</source>
        <translation>Masques peints</translation>
    </message>
    <message>
        <source>Pictures and heatmaps of inspected parts</source>
        <translation>Images et cartes des pièces contrôlées</translation>
    </message>
    <message>
        <source>database</source>
        <translation>base de données</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>réglages</translation>
    </message>
    <message>
        <source>models</source>
        <translation>modèles</translation>
    </message>
    <message>
        <source>teaching pictures</source>
        <translation>images d’apprentissage</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>masques</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>images</translation>
    </message>
    <message>
        <source>{name} is whole: {files} files, {parts} parts, {reviews} answers, audit trail unbroken up to event {events}.</source>
        <translation>{name} est intacte : {files} fichiers, {parts} pièces, {reviews} réponses, piste d’audit intacte jusqu’à l’événement {events}.</translation>
    </message>
    <message>
        <source>{} files went away while it was written.</source>
        <translation>{} fichiers ont disparu pendant l’écriture.</translation>
    </message>
</context>
<context>
    <name>BackupPlanForm</name>
    <message>
        <source>Daily backup</source>
        <translation>Sauvegarde quotidienne</translation>
    </message>
    <message>
        <source>Back up every day</source>
        <translation>Sauvegarder chaque jour</translation>
    </message>
    <message>
        <source>With all pictures (large)</source>
        <translation>Avec toutes les images (volumineux)</translation>
    </message>
    <message>
        <source>At</source>
        <translation>À</translation>
    </message>
    <message>
        <source>:00</source>
        <translation> h</translation>
    </message>
    <message>
        <source>Keep the newest</source>
        <translation>Garder les plus récentes</translation>
    </message>
    <message>
        <source>Warn when the newest is older than</source>
        <translation>Avertir si la dernière dépasse</translation>
    </message>
    <message>
        <source> days</source>
        <translation> jours</translation>
    </message>
    <message>
        <source>never warn</source>
        <translation>jamais</translation>
    </message>
    <message>
        <source>Hour of the daily backup</source>
        <translation>Heure de la sauvegarde quotidienne</translation>
    </message>
    <message>
        <source>Number of daily backups that are kept</source>
        <translation>Nombre de sauvegardes quotidiennes gardées</translation>
    </message>
    <message>
        <source>Days until a warning</source>
        <translation>Jours avant avertissement</translation>
    </message>
</context>
<context>
    <name>BackupView</name>
    <message>
        <source>Back up now</source>
        <translation>Sauvegarder maintenant</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Sauvegardes</translation>
    </message>
    <message>
        <source>Back up what is ticked</source>
        <translation>Sauvegarder ce qui est coché</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>Dossier…</translation>
    </message>
    <message>
        <source>Choose the folder of backups</source>
        <translation>Choisir le dossier des sauvegardes</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Vérifier</translation>
    </message>
    <message>
        <source>Check the chosen backup</source>
        <translation>Vérifier la sauvegarde choisie</translation>
    </message>
    <message>
        <source>Restore at next start</source>
        <translation>Restaurer au prochain démarrage</translation>
    </message>
    <message>
        <source>Restore the chosen backup at the next start</source>
        <translation>Restaurer la sauvegarde choisie au prochain démarrage</translation>
    </message>
    <message>
        <source>Restore into a folder …</source>
        <translation>Restaurer dans un dossier…</translation>
    </message>
    <message>
        <source>Restore the chosen backup into an empty folder</source>
        <translation>Restaurer la sauvegarde choisie dans un dossier vide</translation>
    </message>
    <message>
        <source>Other backup …</source>
        <translation>Autre sauvegarde…</translation>
    </message>
    <message>
        <source>Choose a backup elsewhere</source>
        <translation>Choisir une sauvegarde ailleurs</translation>
    </message>
    <message>
        <source>Do not restore</source>
        <translation>Ne pas restaurer</translation>
    </message>
    <message>
        <source>Withdraw the restore</source>
        <translation>Abandonner la restauration</translation>
    </message>
    <message>
        <source>The secret of the badges (access.key) is in no backup: after a restore elsewhere badges are scanned in again, PINs go on working.</source>
        <translation>Le secret des badges (access.key) n’est dans aucune sauvegarde : après une restauration ailleurs, il faut scanner à nouveau les badges ; les codes PIN restent valables.</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Faite le</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>daily</source>
        <translation>quotidienne</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>manuelle</translation>
    </message>
    <message>
        <source>Holds</source>
        <translation>Contenu</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>The backup is whole. Close the program and start it again to restore it.</source>
        <translation>La sauvegarde est intacte. Fermez le programme et relancez-le pour la restaurer.</translation>
    </message>
    <message>
        <source>Restored. Start that station with --home {}</source>
        <translation>Restauré. Démarrez ce poste avec --home {}</translation>
    </message>
    <message>
        <source>Cancelled; nothing was left behind.</source>
        <translation>Annulé ; rien n’a été laissé.</translation>
    </message>
    <message>
        <source>To {}</source>
        <translation>Vers {}</translation>
    </message>
    <message>
        <source>This is the same disk: choose another one, so that it outlives this one.</source>
        <translation>C’est le même disque : choisissez-en un autre, pour qu’elle lui survive.</translation>
    </message>
    <message>
        <source>PostgreSQL is backed up by its server (pg_dump).</source>
        <translation>PostgreSQL est sauvegardé par son serveur (pg_dump).</translation>
    </message>
    <message>
        <source>The next start restores {}.</source>
        <translation>Le prochain démarrage restaure {}.</translation>
    </message>
    <message>
        <source>The last daily backup failed: {}</source>
        <translation>La dernière sauvegarde quotidienne a échoué : {}</translation>
    </message>
    <message>
        <source>There is no backup yet.</source>
        <translation>Il n’y a pas encore de sauvegarde.</translation>
    </message>
    <message>
        <source>Newest: {}</source>
        <translation>La plus récente : {}</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>No parts in this range.</source>
        <translation>Aucune pièce dans cette période.</translation>
    </message>
    <message>
        <source>Local time</source>
        <translation>Heure locale</translation>
    </message>
    <message>
        <source>{title}: {why}</source>
        <translation>{title}&#xa0;: {why}</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>Débit</translation>
    </message>
    <message>
        <source>{when} · {rate} parts/h ({n} parts)</source>
        <translation>{when} · {rate} pièces/h ({n} pièces)</translation>
    </message>
    <message>
        <source>Throughput: {n} parts in this range, {mean} per hour on average, {most} at most.</source>
        <translation>Débit&#xa0;: {n} pièces dans cette période, {mean} par heure en moyenne, {most} au plus.</translation>
    </message>
    <message>
        <source>Parts per hour</source>
        <translation>Pièces par heure</translation>
    </message>
    <message>
        <source>First-pass yield</source>
        <translation>Rendement 1er passage</translation>
    </message>
    <message>
        <source>First-pass yield: {all} of {n} parts; between {low} and {high} over time.</source>
        <translation>Rendement au premier passage&#xa0;: {all} de {n} pièces&#xa0;; entre {low} et {high} au cours du temps.</translation>
    </message>
    <message>
        <source>OK parts (%)</source>
        <translation>Pièces OK (%)</translation>
    </message>
    <message>
        <source>Share of parts (%)</source>
        <translation>Part des pièces (%)</translation>
    </message>
    <message>
        <source>NG parts (%)</source>
        <translation>Rebuts (%)</translation>
    </message>
    <message>
        <source>Anomaly and review rate</source>
        <translation>Taux d’anomalie et de revue</translation>
    </message>
    <message>
        <source>Of {n} parts, {anomaly} were NG and {review} went to review.</source>
        <translation>Sur {n} pièces, {anomaly} au rebut et {review} en revue.</translation>
    </message>
    <message>
        <source>Anomaly rate</source>
        <translation>Taux d’anomalie</translation>
    </message>
    <message>
        <source>Review rate</source>
        <translation>Taux de revue</translation>
    </message>
    <message>
        <source>{when} · {name}: {share} ({n} of {all})</source>
        <translation>{when} · {name}&#xa0;: {share} ({n} sur {all})</translation>
    </message>
    <message>
        <source>Laney p′ chart of NG parts</source>
        <translation>Carte p′ de Laney des rebuts</translation>
    </message>
    <message>
        <source>A control chart needs parts in at least two periods.</source>
        <translation>Une carte de contrôle demande des pièces dans au moins deux intervalles.</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Limites</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Moyenne</translation>
    </message>
    <message>
        <source>Laney p′ chart of NG parts: {n} periods, mean {mean}, σz {sigma}, {outside} outside the limits.</source>
        <translation>Carte p′ de Laney des rebuts&#xa0;: {n} intervalles, moyenne {mean}, σz {sigma}, {outside} hors limites.</translation>
    </message>
    <message>
        <source>σz {sigma} · outside the limits: {outside}</source>
        <translation>σz {sigma} · hors limites&#xa0;: {outside}</translation>
    </message>
    <message>
        <source>limits preliminary: {n} of {wanted} periods</source>
        <translation>limites provisoires&#xa0;: {n} intervalles sur {wanted}</translation>
    </message>
    <message>
        <source>{when} · NG {share} ({n} of {all}), limits {low} to {high}</source>
        <translation>{when} · rebuts {share} ({n} sur {all}), limites de {low} à {high}</translation>
    </message>
    <message>
        <source>{words}: outside the limits</source>
        <translation>{words}&#xa0;: hors limites</translation>
    </message>
    <message>
        <source>Defects by kind (Pareto)</source>
        <translation>Défauts par type (Pareto)</translation>
    </message>
    <message>
        <source>No defects in this range.</source>
        <translation>Aucun défaut dans cette période.</translation>
    </message>
    <message>
        <source>{name}: {n} of {all} defects, {share} together with those before</source>
        <translation>{name}&#xa0;: {n} défauts sur {all}, {share} avec les précédents</translation>
    </message>
    <message>
        <source>Pareto chart of {n} defects of {kinds} kinds; most frequent: {first}.</source>
        <translation>Diagramme de Pareto de {n} défauts de {kinds} types&#xa0;; le plus fréquent&#xa0;: {first}.</translation>
    </message>
    <message>
        <source>Defects</source>
        <translation>Défauts</translation>
    </message>
    <message>
        <source>Cumulative share</source>
        <translation>Part cumulée</translation>
    </message>
    <message>
        <source>Cumulative share (%)</source>
        <translation>Part cumulée (%)</translation>
    </message>
    <message>
        <source>Other kinds</source>
        <translation>Autres types</translation>
    </message>
    <message>
        <source>Errors found in review</source>
        <translation>Erreurs trouvées en revue</translation>
    </message>
    <message>
        <source>No OK or NG part of this range was reviewed.</source>
        <translation>Aucune pièce OK ou au rebut de cette période n’a été revue.</translation>
    </message>
    <message>
        <source>{when} · {name}: {n} of {all} reviewed</source>
        <translation>{when} · {name}&#xa0;: {n} sur {all} revues</translation>
    </message>
    <message>
        <source>False alarms: {a} of {ng} reviewed NG parts were good. Escapes: {e} of {ok} reviewed OK parts were defective.</source>
        <translation>Fausses alarmes&#xa0;: {a} bons parmi {ng} rebuts revus. Défauts échappés&#xa0;: {e} défectueuses parmi {ok} pièces OK revues.</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>False alarms</source>
        <translation>Fausses alarmes</translation>
    </message>
    <message>
        <source>Escapes</source>
        <translation>Défauts échappés</translation>
    </message>
    <message>
        <source>Score distribution</source>
        <translation>Scores</translation>
    </message>
    <message>
        <source>Choose one product: scores of two products do not compare.</source>
        <translation>Choisissez un produit&#xa0;: les scores de deux produits ne se comparent pas.</translation>
    </message>
    <message>
        <source>{when} · median {p50}, 90 % from {p05} to {p95}</source>
        <translation>{when} · médiane {p50}, 90&#xa0;% de {p05} à {p95}</translation>
    </message>
    <message>
        <source>90 %</source>
        <translation>90&#xa0;%</translation>
    </message>
    <message>
        <source>50 %</source>
        <translation>50&#xa0;%</translation>
    </message>
    <message>
        <source>OK limit</source>
        <translation>Limite OK</translation>
    </message>
    <message>
        <source>NG limit</source>
        <translation>Limite de rebut</translation>
    </message>
    <message>
        <source>Scores over time: the median lies between {low} and {high}; last {last}.</source>
        <translation>Scores au cours du temps&#xa0;: médiane entre {low} et {high}&#xa0;; dernière {last}.</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>Médiane</translation>
    </message>
    <message>
        <source>Score (no unit)</source>
        <translation>Score (sans unité)</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latence</translation>
    </message>
    <message>
        <source>{when} · {name}: {ms} ms</source>
        <translation>{when} · {name}&#xa0;: {ms} ms</translation>
    </message>
    <message>
        <source>Latency over the whole range: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms.</source>
        <translation>Latence sur toute la période&#xa0;: p50 {p50} ms, p95 {p95} ms, p99 {p99} ms.</translation>
    </message>
    <message>
        <source>Latency (ms)</source>
        <translation>Latence (ms)</translation>
    </message>
    <message>
        <source>Machine (last hour)</source>
        <translation>Machine (dernière heure)</translation>
    </message>
    <message>
        <source>Nothing measured yet.</source>
        <translation>Aucune mesure pour l’instant.</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>Processeur</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>Temperature (°C)</source>
        <translation>Température (°C)</translation>
    </message>
    <message>
        <source>Machine: {}.</source>
        <translation>Machine&#xa0;: {}.</translation>
    </message>
    <message>
        <source>Use (%)</source>
        <translation>Utilisation (%)</translation>
    </message>
    <message>
        <source>CPU {}</source>
        <translation>processeur {}</translation>
    </message>
    <message>
        <source>memory {share} ({gb} GB)</source>
        <translation>mémoire {share} ({gb} Go)</translation>
    </message>
    <message>
        <source>no GPU</source>
        <translation>pas de GPU</translation>
    </message>
    <message>
        <source>GPU {}</source>
        <translation>GPU {}</translation>
    </message>
    <message>
        <source>GPU memory {}</source>
        <translation>mémoire GPU {}</translation>
    </message>
    <message>
        <source>temperature: not offered by this machine</source>
        <translation>température&#xa0;: non fournie par cette machine</translation>
    </message>
    <message>
        <source>{} °C</source>
        <translation>{} °C</translation>
    </message>
    <message>
        <source>{time} · {name}: {value}</source>
        <translation>{time} · {name}&#xa0;: {value}</translation>
    </message>
</context>
<context>
    <name>ClassTable</name>
    <message>
        <source>Defect classes and their names</source>
        <translation>Classes de défaut et leurs noms</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>F2 changes a name, Delete removes the class.</source>
        <translation>F2 modifie un nom, Suppr retire la classe.</translation>
    </message>
    <message>
        <source>Add a class</source>
        <translation>Ajouter une classe</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Remove the chosen class</source>
        <translation>Retirer la classe choisie</translation>
    </message>
</context>
<context>
    <name>ColleagueDesk</name>
    <message>
        <source>There is no other expert: an administrator can add one under Users.</source>
        <translation>Il n’y a pas d’autre expert&#xa0;: un administrateur peut en ajouter un sous Utilisateurs.</translation>
    </message>
    <message>
        <source>Part {} is yours again.</source>
        <translation>La pièce {} est de nouveau à vous.</translation>
    </message>
    <message>
        <source>{name} is asked about part {number}.</source>
        <translation>La pièce {number} attend l’avis de {name}.</translation>
    </message>
</context>
<context>
    <name>ColleagueMenu</name>
    <message>
        <source>Ask {}</source>
        <translation>Demander à {}</translation>
    </message>
    <message>
        <source>Ask nobody any more</source>
        <translation>Ne plus demander à personne</translation>
    </message>
</context>
<context>
    <name>CollectionPanel</name>
    <message>
        <source>Show good parts of “{}”</source>
        <translation>Montrez de bonnes pièces de «&#xa0;{}&#xa0;»</translation>
    </message>
    <message>
        <source>Show different good parts, turned and moved as they come on the line. Remove a picture that is not good.</source>
        <translation>Montrez différentes bonnes pièces, tournées et déplacées comme elles arrivent sur la ligne. Retirez toute image qui n’est pas bonne.</translation>
    </message>
    <message>
        <source>{taken} of {wanted}</source>
        <translation>{taken} sur {wanted}</translation>
    </message>
    <message>
        <source>Take picture (Space)</source>
        <translation>Prendre l’image (Espace)</translation>
    </message>
    <message>
        <source>Remove last (⌫)</source>
        <translation>Retirer la dernière (⌫)</translation>
    </message>
    <message>
        <source>Teach now</source>
        <translation>Lancer l’apprentissage</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Take one every second</source>
        <translation>Une image par seconde</translation>
    </message>
    <message>
        <source>The picture taken last</source>
        <translation>La dernière image prise</translation>
    </message>
    <message>
        <source>Pictures taken</source>
        <translation>Images prises</translation>
    </message>
</context>
<context>
    <name>ComparedCard</name>
    <message>
        <source>Close the comparison</source>
        <translation>Fermer la comparaison</translation>
    </message>
    <message>
        <source>Model {}</source>
        <translation>Modèle {}</translation>
    </message>
    <message>
        <source>It is not known what model {} has learnt from: it may have seen these parts.</source>
        <translation>On ne sait pas de quoi le modèle {} a appris : il a peut-être vu ces pièces.</translation>
    </message>
</context>
<context>
    <name>ComparisonTable</name>
    <message>
        <source>On the same held-out parts</source>
        <translation>Sur les mêmes pièces réservées</translation>
    </message>
    <message>
        <source>Model in use</source>
        <translation>Modèle en service</translation>
    </message>
    <message>
        <source>New model</source>
        <translation>Nouveau modèle</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Évolution</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>Comparison of two models</source>
        <translation>Comparaison de deux modèles</translation>
    </message>
    <message>
        <source>Comparison of the model in use and the new model</source>
        <translation>Comparaison du modèle en service et du nouveau modèle</translation>
    </message>
</context>
<context>
    <name>CountersPanel</name>
    <message>
        <source>Lot {}</source>
        <translation>Lot {}</translation>
    </message>
    <message>
        <source>No lot</source>
        <translation>Sans lot</translation>
    </message>
    <message>
        <source>{}: begin another lot</source>
        <translation>{}&#xa0;: commencer un autre lot</translation>
    </message>
    <message>
        <source>{}
Press for a new lot (Ctrl+N)</source>
        <translation>{}
Appuyez pour un nouveau lot (Ctrl+N)</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>First-pass yield</source>
        <translation>Rendement 1er passage</translation>
    </message>
    <message>
        <source>Yield</source>
        <translation>Rendement</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Équipe</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>Counters of shift, lot and all parts</source>
        <translation>Compteurs de l’équipe, du lot et de toutes les pièces</translation>
    </message>
    <message>
        <source>Since the shift began, of the running lot, and of all parts in the log. First-pass yield: share of all parts that were OK at once.</source>
        <translation>Depuis le début de l’équipe, pour le lot en cours et pour toutes les pièces du journal. Rendement au premier passage&#xa0;: part de toutes les pièces qui étaient OK du premier coup.</translation>
    </message>
</context>
<context>
    <name>DefectClass</name>
    <message>
        <source>Unknown defect</source>
        <translation>Défaut inconnu</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Bonne</translation>
    </message>
    <message>
        <source>Defect without a name</source>
        <translation>Défaut sans nom</translation>
    </message>
    <message>
        <source>Bent wire</source>
        <translation>Fil plié</translation>
    </message>
    <message>
        <source>Wires swapped</source>
        <translation>Fils inversés</translation>
    </message>
    <message>
        <source>Several defects</source>
        <translation>Plusieurs défauts</translation>
    </message>
    <message>
        <source>Cut inner insulation</source>
        <translation>Isolant intérieur entaillé</translation>
    </message>
    <message>
        <source>Cut outer insulation</source>
        <translation>Gaine extérieure entaillée</translation>
    </message>
    <message>
        <source>Missing conductor</source>
        <translation>Conducteur manquant</translation>
    </message>
    <message>
        <source>Missing strands</source>
        <translation>Brins manquants</translation>
    </message>
    <message>
        <source>Pierced insulation</source>
        <translation>Isolant percé</translation>
    </message>
    <message>
        <source>Large break</source>
        <translation>Grosse casse</translation>
    </message>
    <message>
        <source>Small break</source>
        <translation>Petite casse</translation>
    </message>
    <message>
        <source>Contamination</source>
        <translation>Contamination</translation>
    </message>
    <message>
        <source>Blowhole</source>
        <translation>Soufflure</translation>
    </message>
    <message>
        <source>Break</source>
        <translation>Cassure</translation>
    </message>
    <message>
        <source>Crack</source>
        <translation>Fissure</translation>
    </message>
    <message>
        <source>Fray</source>
        <translation>Effritement</translation>
    </message>
    <message>
        <source>Uneven surface</source>
        <translation>Surface irrégulière</translation>
    </message>
</context>
<context>
    <name>DetailsCard</name>
    <message>
        <source>No part has been inspected yet.</source>
        <translation>Aucune pièce contrôlée pour l’instant.</translation>
    </message>
    <message>
        <source>Override the verdict of part {}</source>
        <translation>Forcer le verdict de la pièce {}</translation>
    </message>
    <message>
        <source>Override …</source>
        <translation>Forcer…</translation>
    </message>
    <message>
        <source>Part {}</source>
        <translation>Pièce {}</translation>
    </message>
    <message>
        <source>Serial {}</source>
        <translation>N° de série {}</translation>
    </message>
    <message>
        <source>{} ms</source>
        <translation>{} ms</translation>
    </message>
    <message>
        <source>Decide otherwise than the machine (Ctrl+Shift+V)</source>
        <translation>Décider autrement que la machine (Ctrl+Maj+V)</translation>
    </message>
    <message>
        <source>Unknown defect</source>
        <translation>Défaut inconnu</translation>
    </message>
    <message>
        <source>{}?</source>
        <translation>{}&#xa0;?</translation>
    </message>
    <message>
        <source>{name} – {confidence}</source>
        <translation>{name} – {confidence}</translation>
    </message>
</context>
<context>
    <name>Diagnostics</name>
    <message>
        <source>Versions and platform</source>
        <translation>Versions et système</translation>
    </message>
    <message>
        <source>Settings without secrets</source>
        <translation>Réglages sans secrets</translation>
    </message>
    <message>
        <source>Database: revision, counts</source>
        <translation>Base : révision, nombres</translation>
    </message>
    <message>
        <source>Space that is used</source>
        <translation>Espace occupé</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>État de santé</translation>
    </message>
    <message>
        <source>Activities</source>
        <translation>Activités</translation>
    </message>
    <message>
        <source>Engine: devices, versions</source>
        <translation>Moteur : matériel, versions</translation>
    </message>
    <message>
        <source>Model manifest</source>
        <translation>Manifeste de modèle</translation>
    </message>
    <message>
        <source>End of the log</source>
        <translation>Fin du journal</translation>
    </message>
</context>
<context>
    <name>DiagnosticsView</name>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Facts for support: versions, settings, counts, health, model manifests and the end of the log. Never pictures, PINs, badges or passwords. Look through the list before you save it.</source>
        <translation>Données pour l’assistance : versions, réglages, nombres, état de santé, manifestes des modèles et fin du journal. Jamais d’images, de codes PIN, de badges ni de mots de passe. Parcourez la liste avant de l’enregistrer.</translation>
    </message>
    <message>
        <source>With people&apos;s names</source>
        <translation>Avec les noms des personnes</translation>
    </message>
    <message>
        <source>Keep people&apos;s names in the diagnostics</source>
        <translation>Garder les noms des personnes dans le diagnostic</translation>
    </message>
    <message>
        <source>Gather</source>
        <translation>Rassembler</translation>
    </message>
    <message>
        <source>Gather the diagnostics</source>
        <translation>Rassembler le diagnostic</translation>
    </message>
    <message>
        <source>Save as zip …</source>
        <translation>Enregistrer en zip…</translation>
    </message>
    <message>
        <source>Save what is listed as a zip</source>
        <translation>Enregistrer la liste en zip</translation>
    </message>
    <message>
        <source>Files of the diagnostics</source>
        <translation>Fichiers du diagnostic</translation>
    </message>
    <message>
        <source>Contents of the chosen file</source>
        <translation>Contenu du fichier choisi</translation>
    </message>
    <message>
        <source>Saved to {}</source>
        <translation>Enregistré dans {}</translation>
    </message>
    <message>
        <source>Cancelled; nothing was left behind.</source>
        <translation>Annulé ; rien n’a été laissé.</translation>
    </message>
</context>
<context>
    <name>Error</name>
    <message>
        <source>The model&apos;s files are missing. Teach it again.</source>
        <translation>Les fichiers du modèle sont introuvables. Refaites l’apprentissage.</translation>
    </message>
    <message>
        <source>The model&apos;s files are damaged. Activate another version or teach it again.</source>
        <translation>Les fichiers du modèle sont endommagés. Activez une autre version ou refaites l’apprentissage.</translation>
    </message>
    <message>
        <source>The model was made by another version of the program. Teach it again.</source>
        <translation>Le modèle vient d’une autre version du programme. Refaites l’apprentissage.</translation>
    </message>
    <message>
        <source>Too few good pictures: at least ten are needed to teach a product.</source>
        <translation>Trop peu d’images bonnes&#xa0;: il en faut au moins dix pour apprendre un produit.</translation>
    </message>
    <message>
        <source>There are no good pictures in this folder.</source>
        <translation>Ce dossier ne contient aucune image bonne.</translation>
    </message>
    <message>
        <source>The folder does not exist.</source>
        <translation>Le dossier n’existe pas.</translation>
    </message>
    <message>
        <source>The picture cannot be read.</source>
        <translation>L’image est illisible.</translation>
    </message>
    <message>
        <source>There are no pictures in this folder.</source>
        <translation>Ce dossier ne contient aucune image.</translation>
    </message>
    <message>
        <source>The camera cannot be opened. Check that no other program uses it.</source>
        <translation>La caméra ne peut pas être ouverte. Vérifiez qu’aucun autre programme ne l’utilise.</translation>
    </message>
    <message>
        <source>The camera does not answer. Check its cable and its power.</source>
        <translation>La caméra ne répond pas. Vérifiez son câble et son alimentation.</translation>
    </message>
    <message>
        <source>The camera repeats the same picture. Check its cable.</source>
        <translation>La caméra répète la même image. Vérifiez son câble.</translation>
    </message>
    <message>
        <source>The camera&apos;s driver hangs. Unplug the camera and restart the station.</source>
        <translation>Le pilote de la caméra est bloqué. Débranchez la caméra et redémarrez le poste.</translation>
    </message>
    <message>
        <source>The camera has no more pictures.</source>
        <translation>La caméra n’a plus d’images.</translation>
    </message>
    <message>
        <source>The camera was stopped.</source>
        <translation>La caméra a été arrêtée.</translation>
    </message>
    <message>
        <source>This folder is not laid out for teaching: it needs train/good, or one folder per class.</source>
        <translation>Ce dossier ne convient pas à l’apprentissage&#xa0;: il faut train/good, ou un dossier par classe.</translation>
    </message>
    <message>
        <source>The picture&apos;s file is missing.</source>
        <translation>Le fichier de l’image est introuvable.</translation>
    </message>
    <message>
        <source>The picture&apos;s file is damaged.</source>
        <translation>Le fichier de l’image est endommagé.</translation>
    </message>
    <message>
        <source>This camera address is not understood.</source>
        <translation>Cette adresse de caméra n’est pas comprise.</translation>
    </message>
    <message>
        <source>The camera gives no pictures.</source>
        <translation>La caméra ne donne pas d’image.</translation>
    </message>
    <message>
        <source>The network&apos;s basic weights are missing. Choose another file, or install the program again.</source>
        <translation>Les poids de base du réseau manquent. Choisissez un autre fichier ou réinstallez le programme.</translation>
    </message>
    <message>
        <source>The network&apos;s basic weights cannot be read. Choose another file, or install the program again.</source>
        <translation>Les poids de base du réseau sont illisibles. Choisissez un autre fichier ou réinstallez le programme.</translation>
    </message>
    <message>
        <source>The computing device that was asked for is not there.</source>
        <translation>Le calculateur demandé n’est pas présent.</translation>
    </message>
    <message>
        <source>This model is not in the library.</source>
        <translation>Ce modèle n’est pas dans la bibliothèque.</translation>
    </message>
    <message>
        <source>Another backup or check is going on. Wait for it, or cancel it.</source>
        <translation>Une autre sauvegarde ou vérification est en cours. Attendez-la ou annulez-la.</translation>
    </message>
    <message>
        <source>The backup is damaged. Use another one.</source>
        <translation>La sauvegarde est endommagée. Utilisez-en une autre.</translation>
    </message>
    <message>
        <source>This folder belongs to what is backed up. Choose a folder elsewhere.</source>
        <translation>Ce dossier fait partie de ce qui est sauvegardé. Choisissez un dossier ailleurs.</translation>
    </message>
    <message>
        <source>This is no backup: choose the folder that holds backup.json.</source>
        <translation>Ce n’est pas une sauvegarde : choisissez le dossier qui contient backup.json.</translation>
    </message>
    <message>
        <source>The backup was made by a newer version of QC Station: install that one.</source>
        <translation>La sauvegarde vient d’une version plus récente de QC Station : installez-la.</translation>
    </message>
    <message>
        <source>There is too little room on the disk. Leave the pictures out or use another.</source>
        <translation>Il n’y a pas assez de place sur le disque. Laissez les images de côté ou prenez un autre disque.</translation>
    </message>
    <message>
        <source>PostgreSQL is backed up by its server (pg_dump).</source>
        <translation>PostgreSQL est sauvegardé par son serveur (pg_dump).</translation>
    </message>
    <message>
        <source>The folder is not empty. Choose an empty one, so that nothing is overwritten.</source>
        <translation>Le dossier n’est pas vide. Choisissez-en un vide, pour ne rien écraser.</translation>
    </message>
    <message>
        <source>The picture is not in colour with 8 bits.</source>
        <translation>L’image n’est pas en couleurs sur 8 bits.</translation>
    </message>
    <message>
        <source>The picture could not be written down.</source>
        <translation>L’image n’a pas pu être enregistrée.</translation>
    </message>
    <message>
        <source>The heatmap could not be written down.</source>
        <translation>La carte de chaleur n’a pas pu être enregistrée.</translation>
    </message>
    <message>
        <source>The list of pictures to learn from is damaged. Retrain again.</source>
        <translation>La liste des images à apprendre est endommagée. Relancez l’apprentissage.</translation>
    </message>
    <message>
        <source>The list of pictures to learn from was made by another version of the program. Retrain again.</source>
        <translation>La liste des images à apprendre vient d’une autre version du programme. Relancez l’apprentissage.</translation>
    </message>
    <message>
        <source>The folder holds no pictures of the kind that was asked for.</source>
        <translation>Le dossier ne contient aucune image du type demandé.</translation>
    </message>
    <message>
        <source>Another model is being taught. Wait for it, or cancel it.</source>
        <translation>Un autre apprentissage est en cours. Attendez sa fin ou annulez-le.</translation>
    </message>
    <message>
        <source>The station stopped while this was running.</source>
        <translation>Le poste s’est arrêté pendant cette activité.</translation>
    </message>
    <message>
        <source>It took too long and was given up. Try again.</source>
        <translation>C’était trop long, l’opération a été abandonnée. Réessayez.</translation>
    </message>
    <message>
        <source>Learning ended unexpectedly. The model in use has not changed; try again.</source>
        <translation>L’apprentissage s’est arrêté de façon inattendue. Le modèle en service n’a pas changé&#xa0;; réessayez.</translation>
    </message>
    <message>
        <source>Learning could not be started. Install the program again.</source>
        <translation>L’apprentissage n’a pas pu démarrer. Réinstallez le programme.</translation>
    </message>
    <message>
        <source>Give the product a name first.</source>
        <translation>Donnez d’abord un nom au produit.</translation>
    </message>
    <message>
        <source>Take pictures of good parts first.</source>
        <translation>Prenez d’abord des images de pièces bonnes.</translation>
    </message>
    <message>
        <source>No part has been reviewed yet. Answer some parts on the Review page first.</source>
        <translation>Aucune pièce n’a encore été revue. Répondez d’abord pour quelques pièces sur la page Revue.</translation>
    </message>
    <message>
        <source>This product has no model yet. Teach it first.</source>
        <translation>Ce produit n’a pas encore de modèle. Faites d’abord l’apprentissage.</translation>
    </message>
    <message>
        <source>Another folder of the same name has already been taught. Rename the folder, or use another --home.</source>
        <translation>Un autre dossier du même nom a déjà servi à l’apprentissage. Renommez le dossier ou utilisez un autre --home.</translation>
    </message>
    <message>
        <source>The model cannot take pictures of this size: use a multiple of 32.</source>
        <translation>Le modèle n’accepte pas cette taille d’image&#xa0;: prenez un multiple de 32.</translation>
    </message>
    <message>
        <source>The pictures to learn from could not be gathered. Is there room on the disk?</source>
        <translation>Les images à apprendre n’ont pas pu être rassemblées. Reste-t-il de la place sur le disque&#xa0;?</translation>
    </message>
    <message>
        <source>It is not known which pictures this model was taught from. Teach the product again from its folder.</source>
        <translation>On ne sait pas quelles images ont servi à l’apprentissage de ce modèle. Refaites l’apprentissage du produit depuis son dossier.</translation>
    </message>
    <message>
        <source>The model file is damaged. Get it again.</source>
        <translation>Le fichier du modèle est endommagé. Procurez-vous-le à nouveau.</translation>
    </message>
    <message>
        <source>The model file was written by a newer version of QC Station: install that.</source>
        <translation>Le fichier du modèle vient d’une version plus récente de QC Station : installez-la.</translation>
    </message>
    <message>
        <source>The model file cannot be read or written. Is there room on the disk?</source>
        <translation>Le fichier du modèle ne peut être ni lu ni écrit. Reste-t-il de la place sur le disque ?</translation>
    </message>
    <message>
        <source>This is no model file: choose one that ends in .qcmodel.</source>
        <translation>Ce n’est pas un fichier de modèle : choisissez-en un qui se termine par .qcmodel.</translation>
    </message>
    <message>
        <source>This model is in the library already.</source>
        <translation>Ce modèle est déjà dans la bibliothèque.</translation>
    </message>
    <message>
        <source>No answered part is held out yet. Answer more parts on the Review page: three in ten are kept for comparing.</source>
        <translation>Aucune pièce revue n’est encore mise de côté. Répondez à plus de pièces sur la page Revue : trois sur dix sont gardées pour comparer.</translation>
    </message>
    <message>
        <source>The new model could not be put into the library.</source>
        <translation>Le nouveau modèle n’a pas pu être ajouté à la bibliothèque.</translation>
    </message>
    <message>
        <source>There is something else where the model should be written.</source>
        <translation>Il y a autre chose à l’endroit où le modèle doit être enregistré.</translation>
    </message>
    <message>
        <source>This program does not know this kind of model. Update the program.</source>
        <translation>Ce programme ne connaît pas ce type de modèle. Mettez le programme à jour.</translation>
    </message>
    <message>
        <source>The new model could not be loaded; the model before stays in use.</source>
        <translation>Le nouveau modèle n’a pas pu être chargé&#xa0;; le modèle précédent reste en service.</translation>
    </message>
    <message>
        <source>There is no earlier model to go back to.</source>
        <translation>Il n’y a pas de modèle précédent auquel revenir.</translation>
    </message>
    <message>
        <source>The pictures that the model was taught from are gone.</source>
        <translation>Les images qui ont servi à l’apprentissage ont disparu.</translation>
    </message>
    <message>
        <source>Every defect class needs an id.</source>
        <translation>Chaque classe de défaut a besoin d’un identifiant.</translation>
    </message>
    <message>
        <source>The name of a defect class is too long.</source>
        <translation>Le nom d’une classe de défaut est trop long.</translation>
    </message>
    <message>
        <source>A defect class is in the table twice: remove one.</source>
        <translation>Une classe de défaut figure deux fois dans le tableau&#xa0;: supprimez-en une.</translation>
    </message>
    <message>
        <source>The OK limit must lie at or below the NG limit.</source>
        <translation>La limite OK doit être inférieure ou égale à la limite de rebut.</translation>
    </message>
    <message>
        <source>The recipe of this product insists on another model: change the recipe first.</source>
        <translation>La recette de ce produit impose un autre modèle&#xa0;: modifiez d’abord la recette.</translation>
    </message>
    <message>
        <source>A number of the recipe is too large or too small.</source>
        <translation>Un nombre de la recette est trop grand ou trop petit.</translation>
    </message>
    <message>
        <source>Pictures of good parts are being taken: finish or cancel that on the Learning page.</source>
        <translation>Une prise d’images de bonnes pièces est en cours&#xa0;: terminez-la ou annulez-la sur la page Apprentissage.</translation>
    </message>
    <message>
        <source>The name of the product is too long.</source>
        <translation>Le nom du produit est trop long.</translation>
    </message>
    <message>
        <source>There is a product with this name already: choose another name.</source>
        <translation>Un produit porte déjà ce nom&#xa0;: choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Say whose key this is, then import.</source>
        <translation>Dites à qui est cette clé, puis importez.</translation>
    </message>
    <message>
        <source>This file was changed after it was signed; it is not read. Ask for it again.</source>
        <translation>Ce fichier a été modifié après sa signature&#xa0;; il n’est pas lu. Demandez-le de nouveau.</translation>
    </message>
    <message>
        <source>The recipe in this file has values that this station cannot use.</source>
        <translation>La recette de ce fichier contient des valeurs que ce poste ne peut pas utiliser.</translation>
    </message>
    <message>
        <source>This file is too large to be a recipe.</source>
        <translation>Ce fichier est trop grand pour être une recette.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>Le fichier ne peut pas être ouvert.</translation>
    </message>
    <message>
        <source>This file holds other things than a recipe and its signature; it is not read.</source>
        <translation>Ce fichier contient autre chose qu’une recette et sa signature&#xa0;; il n’est pas lu.</translation>
    </message>
    <message>
        <source>This is no recipe file, or it is damaged. Ask for it again.</source>
        <translation>Ce n’est pas un fichier de recette, ou il est endommagé. Demandez-le de nouveau.</translation>
    </message>
    <message>
        <source>This recipe file is not signed: export it again from a station.</source>
        <translation>Ce fichier de recette n’est pas signé&#xa0;: exportez-le de nouveau depuis un poste.</translation>
    </message>
    <message>
        <source>This file was written by another version of QC Station that this one cannot read.</source>
        <translation>Ce fichier vient d’une autre version de QC Station que celle-ci ne sait pas lire.</translation>
    </message>
    <message>
        <source>The key that signed this file is not trusted here.</source>
        <translation>La clé qui a signé ce fichier n’est pas reconnue ici.</translation>
    </message>
    <message>
        <source>The area must lie in the picture and take at least 5 % of each side.</source>
        <translation>La zone doit tenir dans l’image et occuper au moins 5&#xa0;% de chaque côté.</translation>
    </message>
    <message>
        <source>The area of the recipe does not lie in the picture.</source>
        <translation>La zone de la recette ne tient pas dans l’image.</translation>
    </message>
    <message>
        <source>Say in a few words why, then save.</source>
        <translation>Dites pourquoi en quelques mots, puis enregistrez.</translation>
    </message>
    <message>
        <source>This revision inspects just as the newest one does.</source>
        <translation>Cette révision contrôle exactement comme la plus récente.</translation>
    </message>
    <message>
        <source>Give the sample the name that stands on it.</source>
        <translation>Donnez à l’étalon le nom inscrit dessus.</translation>
    </message>
    <message>
        <source>There is already a sample of this name.</source>
        <translation>Un étalon porte déjà ce nom.</translation>
    </message>
    <message>
        <source>This part was inspected as another product: choose another.</source>
        <translation>Cette pièce a été contrôlée comme un autre produit&#xa0;: choisissez-en une autre.</translation>
    </message>
    <message>
        <source>This part has no score: choose one that was inspected.</source>
        <translation>Cette pièce n’a pas de score&#xa0;: choisissez une pièce contrôlée.</translation>
    </message>
    <message>
        <source>No picture was kept of this part: choose another.</source>
        <translation>Aucune image de cette pièce n’a été conservée&#xa0;: choisissez-en une autre.</translation>
    </message>
    <message>
        <source>The lower end of the score band lies above the upper end.</source>
        <translation>La borne basse du score est au-dessus de la borne haute.</translation>
    </message>
    <message>
        <source>A release needs a reason: it is written down.</source>
        <translation>Une libération demande un motif&#xa0;: il est enregistré.</translation>
    </message>
    <message>
        <source>Log in first (Ctrl+L).</source>
        <translation>Connectez-vous d’abord (Ctrl+L).</translation>
    </message>
    <message>
        <source>Your role does not include this. Ask somebody who has the right.</source>
        <translation>Votre rôle ne le permet pas. Demandez à une personne habilitée.</translation>
    </message>
    <message>
        <source>Name and PIN are not accepted.</source>
        <translation>Nom et code PIN refusés.</translation>
    </message>
    <message>
        <source>This badge is not accepted.</source>
        <translation>Ce badge est refusé.</translation>
    </message>
    <message>
        <source>Too many failed log-ins.</source>
        <translation>Trop d’échecs de connexion.</translation>
    </message>
    <message>
        <source>A PIN has 6 to 12 digits and nothing else.</source>
        <translation>Un code PIN comporte de 6 à 12 chiffres et rien d’autre.</translation>
    </message>
    <message>
        <source>This PIN is too easy to guess: do not repeat or count one digit.</source>
        <translation>Ce code PIN est trop facile à deviner&#xa0;: ne répétez pas un chiffre et n’énumérez pas une suite.</translation>
    </message>
    <message>
        <source>Give a PIN, a badge or both.</source>
        <translation>Indiquez un code PIN, un badge ou les deux.</translation>
    </message>
    <message>
        <source>This is no badge code. Scan the badge again.</source>
        <translation>Ce n’est pas un code de badge. Scannez le badge à nouveau.</translation>
    </message>
    <message>
        <source>This badge already belongs to somebody.</source>
        <translation>Ce badge appartient déjà à quelqu’un.</translation>
    </message>
    <message>
        <source>This cannot be a user&apos;s name: use 1 to 40 characters, and not “station”.</source>
        <translation>Ce nom d’utilisateur est impossible&#xa0;: utilisez de 1 à 40 caractères, et pas «&#xa0;station&#xa0;».</translation>
    </message>
    <message>
        <source>There is already a user of this name.</source>
        <translation>Un utilisateur porte déjà ce nom.</translation>
    </message>
    <message>
        <source>This user does not exist.</source>
        <translation>Cet utilisateur n’existe pas.</translation>
    </message>
    <message>
        <source>This station has users already. Log in as an administrator.</source>
        <translation>Ce poste a déjà des utilisateurs. Connectez-vous en tant qu’administrateur.</translation>
    </message>
    <message>
        <source>This is the last administrator with a PIN. Make somebody else administrator first.</source>
        <translation>C’est le dernier administrateur avec un code PIN. Nommez d’abord un autre administrateur.</translation>
    </message>
    <message>
        <source>The file of a painted region is damaged.</source>
        <translation>Le fichier d’une zone peinte est endommagé.</translation>
    </message>
    <message>
        <source>The file of a painted region is missing.</source>
        <translation>Le fichier d’une zone peinte est introuvable.</translation>
    </message>
    <message>
        <source>Learning ran off course and was stopped. The model in use has not changed.</source>
        <translation>L’apprentissage a divergé et a été arrêté. Le modèle en service n’a pas changé.</translation>
    </message>
    <message>
        <source>There are no defective pictures to learn from. Label some on the Review page.</source>
        <translation>Il n’y a aucune image défectueuse pour apprendre. Annotez-en sur la page Revue.</translation>
    </message>
    <message>
        <source>There are no good pictures left to check the new model on. Collect more.</source>
        <translation>Il ne reste aucune image bonne pour vérifier le nouveau modèle. Collectez-en d’autres.</translation>
    </message>
    <message>
        <source>The new model gives no usable scores. The model in use has not changed.</source>
        <translation>Le nouveau modèle ne donne pas de scores utilisables. Le modèle en service n’a pas changé.</translation>
    </message>
    <message>
        <source>The limits of this product cannot be used. Set them again on Thresholds.</source>
        <translation>Les limites de ce produit sont inutilisables. Réglez-les de nouveau sur la page Seuils.</translation>
    </message>
    <message>
        <source>The limits were set for another model. Set them again on Thresholds.</source>
        <translation>Les limites ont été réglées pour un autre modèle. Réglez-les de nouveau sur la page Seuils.</translation>
    </message>
    <message>
        <source>The model gives no usable score. Activate another version or teach it again.</source>
        <translation>Le modèle ne donne pas de score utilisable. Activez une autre version ou refaites l’apprentissage.</translation>
    </message>
    <message>
        <source>The network&apos;s basic weights are those of another network.</source>
        <translation>Les poids de base sont ceux d’un autre réseau.</translation>
    </message>
    <message>
        <source>The computing device that was asked for is not known.</source>
        <translation>Le calculateur demandé n’est pas connu.</translation>
    </message>
    <message>
        <source>The graphics card failed. The engine is restarting.</source>
        <translation>La carte graphique a eu une défaillance. Le moteur redémarre.</translation>
    </message>
    <message>
        <source>The inspection engine ended; it is restarting.</source>
        <translation>Le moteur de contrôle s’est arrêté&#xa0;; il redémarre.</translation>
    </message>
    <message>
        <source>The inspection engine took too long; it is restarting.</source>
        <translation>Le moteur de contrôle a mis trop longtemps&#xa0;; il redémarre.</translation>
    </message>
    <message>
        <source>The inspection engine has a fault of its own. See the log for the cause.</source>
        <translation>Le moteur de contrôle a un défaut interne. Voyez la cause dans le journal.</translation>
    </message>
    <message>
        <source>The inspection engine cannot be started. Install the program again.</source>
        <translation>Le moteur de contrôle ne peut pas démarrer. Réinstallez le programme.</translation>
    </message>
    <message>
        <source>The inspection engine answered something unreadable; it is restarting.</source>
        <translation>Le moteur de contrôle a répondu quelque chose d’illisible&#xa0;; il redémarre.</translation>
    </message>
    <message>
        <source>The inspection engine does not answer; it is restarting.</source>
        <translation>Le moteur de contrôle ne répond pas&#xa0;; il redémarre.</translation>
    </message>
    <message>
        <source>The inspection engine was stopped.</source>
        <translation>Le moteur de contrôle a été arrêté.</translation>
    </message>
    <message>
        <source>The engine has run out of memory. Close other programs.</source>
        <translation>Le moteur n’a plus de mémoire. Fermez d’autres programmes.</translation>
    </message>
    <message>
        <source>Station and engine do not understand each other.</source>
        <translation>Le poste et le moteur ne se comprennent pas.</translation>
    </message>
    <message>
        <source>Station and engine are of different versions. Install both from the same release.</source>
        <translation>Le poste et le moteur sont de versions différentes. Installez les deux depuis la même version.</translation>
    </message>
    <message>
        <source>The memory shared with the engine is gone.</source>
        <translation>La mémoire partagée avec le moteur a disparu.</translation>
    </message>
    <message>
        <source>There is too little shared memory for pictures of this size.</source>
        <translation>La mémoire partagée ne suffit pas pour des images de cette taille.</translation>
    </message>
    <message>
        <source>The picture is larger than the pictures before; restart the station.</source>
        <translation>L’image est plus grande que les précédentes&#xa0;; redémarrez le poste.</translation>
    </message>
    <message>
        <source>The inspection engine is not running.</source>
        <translation>Le moteur de contrôle ne tourne pas.</translation>
    </message>
    <message>
        <source>Too many explanations are waiting. Try again when some are done.</source>
        <translation>Trop d’explications sont en attente. Réessayez quand certaines seront prêtes.</translation>
    </message>
    <message>
        <source>The explanation was interrupted. Ask again.</source>
        <translation>L’explication a été interrompue. Redemandez-la.</translation>
    </message>
    <message>
        <source>The model does not know this defect.</source>
        <translation>Le modèle ne connaît pas ce défaut.</translation>
    </message>
    <message>
        <source>The explanation took too long. Try again when the line is calm.</source>
        <translation>L’explication a pris trop de temps. Réessayez quand la ligne sera calme.</translation>
    </message>
    <message>
        <source>There is no explanation of this kind.</source>
        <translation>Il n’existe pas d’explication de ce genre.</translation>
    </message>
    <message>
        <source>This kind of model cannot be explained in this way.</source>
        <translation>Ce genre de modèle ne peut pas être expliqué de cette façon.</translation>
    </message>
    <message>
        <source>The model&apos;s files were replaced by another model&apos;s. Activate it again.</source>
        <translation>Les fichiers du modèle ont été remplacés par ceux d’un autre. Réactivez-le.</translation>
    </message>
    <message>
        <source>This number of demo pictures cannot be drawn.</source>
        <translation>Ce nombre d’images de démonstration ne peut pas être dessiné.</translation>
    </message>
    <message>
        <source>Demo pictures of this size cannot be drawn.</source>
        <translation>Des images de démonstration de cette taille ne peuvent pas être dessinées.</translation>
    </message>
    <message>
        <source>The seed of the demo pictures must be 0 or more.</source>
        <translation>La graine des images de démonstration doit être 0 ou plus.</translation>
    </message>
    <message>
        <source>The folder is not empty. Choose a new one, so that nothing is overwritten.</source>
        <translation>Le dossier n’est pas vide. Choisissez-en un nouveau, pour que rien ne soit écrasé.</translation>
    </message>
    <message>
        <source>The folder cannot be written to.</source>
        <translation>Le dossier n’est pas accessible en écriture.</translation>
    </message>
    <message>
        <source>There is no defect of this name.</source>
        <translation>Il n’y a pas de défaut de ce nom.</translation>
    </message>
    <message>
        <source>The log was changed or shortened after it was written. Keep it as it is.</source>
        <translation>Le registre a été modifié ou raccourci après coup. Gardez-le tel quel.</translation>
    </message>
    <message>
        <source>The part&apos;s number is no name for a file.</source>
        <translation>Le numéro de la pièce ne peut pas servir de nom de fichier.</translation>
    </message>
    <message>
        <source>This part is not in the log.</source>
        <translation>Cette pièce n’est pas dans le registre.</translation>
    </message>
    <message>
        <source>The database could not be upgraded and stays as it was.</source>
        <translation>La base de données n’a pas pu être mise à niveau et reste inchangée.</translation>
    </message>
    <message>
        <source>The machine did not inspect this part: confirm that you have inspected it yourself.</source>
        <translation>La machine n’a pas contrôlé cette pièce&#xa0;: confirmez que vous l’avez contrôlée vous-même.</translation>
    </message>
    <message>
        <source>Say why: an override needs a reason.</source>
        <translation>Dites pourquoi&#xa0;: un verdict forcé demande un motif.</translation>
    </message>
    <message>
        <source>This verdict stands already: nothing was changed.</source>
        <translation>Ce verdict vaut déjà&#xa0;: rien n’a été changé.</translation>
    </message>
    <message>
        <source>A part can only be overridden to OK or to NG.</source>
        <translation>Une pièce ne peut être forcée qu’à OK ou à rebut.</translation>
    </message>
    <message>
        <source>This cannot be the name of a defect: choose another name.</source>
        <translation>Ce nom ne peut pas être celui d’un défaut&#xa0;: choisissez-en un autre.</translation>
    </message>
    <message>
        <source>You are one of those who disagree: answer together, or leave it to somebody else.</source>
        <translation>Vous faites partie de ceux qui sont en désaccord&#xa0;: répondez ensemble, ou laissez quelqu’un d’autre décider.</translation>
    </message>
    <message>
        <source>There is no such answer to withdraw.</source>
        <translation>Il n’y a pas de telle réponse à retirer.</translation>
    </message>
    <message>
        <source>This answer was already withdrawn.</source>
        <translation>Cette réponse a déjà été retirée.</translation>
    </message>
    <message>
        <source>The database is locked by another program: close the other station.</source>
        <translation>La base de données est verrouillée par un autre programme&#xa0;: fermez l’autre poste.</translation>
    </message>
    <message>
        <source>The station is closing; nothing more is written down.</source>
        <translation>Le poste se ferme&#xa0;; plus rien n’est enregistré.</translation>
    </message>
    <message>
        <source>The database refused the change: it contradicts earlier entries.</source>
        <translation>La base de données a refusé la modification&#xa0;: elle contredit des entrées antérieures.</translation>
    </message>
    <message>
        <source>The database file is damaged: restore the newest backup next to it.</source>
        <translation>Le fichier de la base de données est endommagé&#xa0;: restaurez la sauvegarde la plus récente, à côté de lui.</translation>
    </message>
    <message>
        <source>The database does not accept entries.</source>
        <translation>La base de données n’accepte pas d’écriture.</translation>
    </message>
    <message>
        <source>The database was written by a newer version of QC Station: install that one.</source>
        <translation>La base de données vient d’une version plus récente de QC Station&#xa0;: installez celle-ci.</translation>
    </message>
    <message>
        <source>The database cannot be written to: check the rights of its folder.</source>
        <translation>La base de données n’est pas accessible en écriture&#xa0;: vérifiez les droits de son dossier.</translation>
    </message>
    <message>
        <source>The database cannot be reached: check its server or its folder.</source>
        <translation>La base de données est injoignable&#xa0;: vérifiez son serveur ou son dossier.</translation>
    </message>
    <message>
        <source>The database address is not understood.</source>
        <translation>L’adresse de la base de données n’est pas comprise.</translation>
    </message>
    <message>
        <source>Cancelled. The model in use has not changed.</source>
        <translation>Annulé. Le modèle en service n’a pas changé.</translation>
    </message>
    <message>
        <source>The disk is full. Make room, then start again.</source>
        <translation>Le disque est plein. Faites de la place, puis relancez.</translation>
    </message>
    <message>
        <source>Something went wrong ({code}).</source>
        <translation>Une erreur s’est produite ({code}).</translation>
    </message>
</context>
<context>
    <name>ExplainRow</name>
    <message>
        <source>Explain: what decided?</source>
        <translation>Expliquer : qu’est-ce qui a décidé ?</translation>
    </message>
    <message>
        <source>Back to the heatmap</source>
        <translation>Revenir à la carte de chaleur</translation>
    </message>
    <message>
        <source>The model is being asked; parts on the line go first.</source>
        <translation>Le modèle est interrogé ; les pièces de la ligne passent d’abord.</translation>
    </message>
    <message>
        <source>Bright is what the verdict depends on: covered, the score falls.</source>
        <translation>Est clair ce dont dépend le verdict : masqué, il fait baisser le score.</translation>
    </message>
    <message>
        <source>No single place decides: whatever is covered, the score stays.</source>
        <translation>Aucun endroit ne décide seul : quoi qu’on masque, le score reste.</translation>
    </message>
    <message>
        <source>The model in use was asked, not the one that judged this part.</source>
        <translation>C’est le modèle en service qui a été interrogé, pas celui qui a jugé cette pièce.</translation>
    </message>
</context>
<context>
    <name>FactsPanel</name>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>Numéro de série</translation>
    </message>
    <message>
        <source>Golden sample</source>
        <translation>Pièce étalon</translation>
    </message>
    <message>
        <source>laid in for a check, no production</source>
        <translation>posée pour un contrôle, hors production</translation>
    </message>
    <message>
        <source>Defect</source>
        <translation>Défaut</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>OK up to {ok}, NG above {ng}</source>
        <translation>OK jusqu’à {ok}, rebut au-delà de {ng}</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Limites</translation>
    </message>
    <message>
        <source>p-value</source>
        <translation>Valeur p</translation>
    </message>
    <message>
        <source>Expert&apos;s answer</source>
        <translation>Réponse de l’expert</translation>
    </message>
    <message>
        <source>Override</source>
        <translation>Verdict forcé</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Temps de réponse</translation>
    </message>
    <message>
        <source>{} ms</source>
        <translation>{} ms</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>Lot</translation>
    </message>
    <message>
        <source>{name} ({confidence} sure)</source>
        <translation>{name} (sûr à {confidence})</translation>
    </message>
    <message>
        <source>not reviewed</source>
        <translation>non revue</translation>
    </message>
    <message>
        <source>{answer}, by {who}</source>
        <translation>{answer}, par {who}</translation>
    </message>
</context>
<context>
    <name>Figure</name>
    <message>
        <source>Share of all parts, inspected or not; below it the 95 % interval.</source>
        <translation>Part de toutes les pièces, contrôlées ou non&#xa0;; dessous, l’intervalle à 95&#xa0;%.</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>{} per hour</source>
        <translation>{} par heure</translation>
    </message>
    <message>
        <source>All triggered parts; per hour of the whole range, with pauses.</source>
        <translation>Toutes les pièces déclenchées&#xa0;; par heure de toute la période, pauses comprises.</translation>
    </message>
    <message>
        <source>First-pass yield</source>
        <translation>Rendement 1er passage</translation>
    </message>
    <message>
        <source>Parts that were OK at once. </source>
        <translation>Pièces OK du premier coup. </translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} à {high}</translation>
    </message>
    <message>
        <source>{n} of {all} reviewed NG</source>
        <translation>{n} sur {all} rebuts revus</translation>
    </message>
    <message>
        <source>no NG part reviewed</source>
        <translation>aucun rebut revu</translation>
    </message>
    <message>
        <source>Share of the reviewed NG parts that an expert called good.</source>
        <translation>Part des rebuts revus qu’un expert a jugés bons.</translation>
    </message>
    <message>
        <source>{n} of {all} random OK</source>
        <translation>{n} sur {all} OK tirées</translation>
    </message>
    <message>
        <source>no random OK reviewed</source>
        <translation>aucune OK tirée revue</translation>
    </message>
    <message>
        <source>Share of the OK parts that were drawn at random for the review queue and that an expert called defective: it holds for all OK parts, because their score did not choose them. “Can&apos;t tell” and disagreements are not counted.</source>
        <translation>Part des pièces OK tirées au sort pour la file de revue qu’un expert a jugées défectueuses&#xa0;: elle vaut pour toutes les pièces OK, car leur score ne les a pas choisies. «&#xa0;Indécidable&#xa0;» et les désaccords ne comptent pas.</translation>
    </message>
    <message>
        <source>95 % interval: {low} to {high}.</source>
        <translation>Intervalle à 95&#xa0;%&#xa0;: de {low} à {high}.</translation>
    </message>
    <message>
        <source>Latency, median</source>
        <translation>Latence médiane</translation>
    </message>
    <message>
        <source>Time from picture to verdict; below it the 95 % and the 99 % quantile.</source>
        <translation>Temps de l’image au verdict&#xa0;; dessous, les quantiles à 95&#xa0;% et à 99&#xa0;%.</translation>
    </message>
    <message>
        <source>p95 {p95} · p99 {p99}</source>
        <translation>p95 {p95} · p99 {p99}</translation>
    </message>
    <message>
        <source>{} ms</source>
        <translation>{} ms</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>All models</source>
        <translation>Tous les modèles</translation>
    </message>
    <message>
        <source>All defects</source>
        <translation>Tous les défauts</translation>
    </message>
    <message>
        <source>All lots</source>
        <translation>Tous les lots</translation>
    </message>
    <message>
        <source>Lot {}</source>
        <translation>Lot {}</translation>
    </message>
    <message>
        <source>Search part, serial, lot, file (Ctrl+F)</source>
        <translation>Chercher pièce, n° de série, lot, fichier (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search the history</source>
        <translation>Chercher dans l’historique</translation>
    </message>
    <message>
        <source>Show parts with verdict {}</source>
        <translation>Montrer les pièces au verdict {}</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Toutes les dates</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Dernière heure</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>7 derniers jours</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>30 derniers jours</translation>
    </message>
    <message>
        <source>Reviewed or not</source>
        <translation>Revues ou non</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Revues</translation>
    </message>
    <message>
        <source>Not reviewed</source>
        <translation>Non revues</translation>
    </message>
    <message>
        <source>Overridden</source>
        <translation>Verdict forcé</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>Production</translation>
    </message>
    <message>
        <source>Golden samples</source>
        <translation>Pièces étalons</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Tout afficher</translation>
    </message>
    <message>
        <source>Remove all filters</source>
        <translation>Retirer tous les filtres</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>Lot</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Defect class</source>
        <translation>Classe de défaut</translation>
    </message>
    <message>
        <source>Review state</source>
        <translation>État de revue</translation>
    </message>
    <message>
        <source>Production or golden samples</source>
        <translation>Production ou pièces étalons</translation>
    </message>
    <message>
        <source>Only {}: show the others too</source>
        <translation>Seulement {}&#xa0;: montrer aussi les autres</translation>
    </message>
    <message>
        <source>Show the others too</source>
        <translation>Montrer aussi les autres</translation>
    </message>
</context>
<context>
    <name>FilterWords</name>
    <message>
        <source>expert&apos;s answer: {}</source>
        <translation>réponse de l’expert&#xa0;: {}</translation>
    </message>
    <message>
        <source>model {}</source>
        <translation>modèle {}</translation>
    </message>
    <message>
        <source>without parts never seen before</source>
        <translation>sans les pièces jamais vues</translation>
    </message>
    <message>
        <source>never seen before</source>
        <translation>jamais vues</translation>
    </message>
    <message>
        <source>score above {low}, up to {high}</source>
        <translation>score au-dessus de {low}, jusqu’à {high}</translation>
    </message>
    <message>
        <source>score above {}</source>
        <translation>score au-dessus de {}</translation>
    </message>
    <message>
        <source>score up to {}</source>
        <translation>score jusqu’à {}</translation>
    </message>
</context>
<context>
    <name>FirstAdministratorDialog</name>
    <message>
        <source>First administrator</source>
        <translation>Premier administrateur</translation>
    </message>
    <message>
        <source>This station has no users: everybody may do everything. The first administrator adds the others. From then on, teaching, reviews and settings need a log-in; inspection goes on without one. Keep the PIN safe: nobody can read it.</source>
        <translation>Ce poste n’a pas d’utilisateurs&#xa0;: chacun peut tout faire. Le premier administrateur ajoute les autres. Dès lors, l’apprentissage, la revue et les réglages demandent une connexion&#xa0;; le contrôle continue sans elle. Conservez bien le code PIN&#xa0;: personne ne peut le lire.</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Nom</translation>
    </message>
    <message>
        <source>&amp;PIN, 6 to 12 digits</source>
        <translation>Code &amp;PIN, de 6 à 12 chiffres</translation>
    </message>
    <message>
        <source>PIN &amp;again</source>
        <translation>Code PIN à n&amp;ouveau</translation>
    </message>
    <message>
        <source>Name of the administrator</source>
        <translation>Nom de l’administrateur</translation>
    </message>
    <message>
        <source>PIN, 6 to 12 digits</source>
        <translation>Code PIN, de 6 à 12 chiffres</translation>
    </message>
    <message>
        <source>The same PIN again</source>
        <translation>Le même code PIN à nouveau</translation>
    </message>
    <message>
        <source>Create administrator</source>
        <translation>Créer l’administrateur</translation>
    </message>
    <message>
        <source>Not now (Esc)</source>
        <translation>Plus tard (Échap)</translation>
    </message>
    <message>
        <source>Leave the station without users</source>
        <translation>Laisser le poste sans utilisateurs</translation>
    </message>
    <message>
        <source>Give a name.</source>
        <translation>Indiquez un nom.</translation>
    </message>
    <message>
        <source>The two PINs are not the same.</source>
        <translation>Les deux codes PIN diffèrent.</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>Enregistrement…</translation>
    </message>
</context>
<context>
    <name>Golden</name>
    <message>
        <source>PASSED</source>
        <translation>CONFORME</translation>
    </message>
    <message>
        <source>FAILED</source>
        <translation>ÉCHEC</translation>
    </message>
    <message>
        <source>CANCELLED</source>
        <translation>ANNULÉ</translation>
    </message>
    <message>
        <source>RELEASED</source>
        <translation>LIBÉRÉ</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>réussi</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>annulé</translation>
    </message>
    <message>
        <source>released without a check</source>
        <translation>libéré sans contrôle</translation>
    </message>
    <message>
        <source>Lay badly</source>
        <translation>Mal posée</translation>
    </message>
    <message>
        <source>Wrong sample</source>
        <translation>Mauvais étalon</translation>
    </message>
    <message>
        <source>Was dirty</source>
        <translation>Était sale</translation>
    </message>
    <message>
        <source>{low} … {high}</source>
        <translation>{low} … {high}</translation>
    </message>
    <message>
        <source>{verdict}, score {score}</source>
        <translation>{verdict}, score {score}</translation>
    </message>
    <message>
        <source>{said} instead of {expected}</source>
        <translation>{said} au lieu de {expected}</translation>
    </message>
    <message>
        <source>{said}: outside {band}</source>
        <translation>{said}&#xa0;: hors de {band}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>reste {time}</translation>
    </message>
    <message>
        <source>{time} over time</source>
        <translation>{time} de dépassement</translation>
    </message>
</context>
<context>
    <name>GoldenCheckDialog</name>
    <message>
        <source>Score bands recorded: {}</source>
        <translation>Bornes de score enregistrées&#xa0;: {}</translation>
    </message>
    <message>
        <source>The check could not be written down and does not count. {}</source>
        <translation>Le contrôle n’a pas pu être enregistré et ne compte pas. {}</translation>
    </message>
    <message>
        <source>Sample {n} of {total}</source>
        <translation>Étalon {n} sur {total}</translation>
    </message>
    <message>
        <source>Expected: {}</source>
        <translation>Attendu&#xa0;: {}</translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation>ÉCART</translation>
    </message>
    <message>
        <source>WAIT</source>
        <translation>ATTENDEZ</translation>
    </message>
    <message>
        <source>LAY IN</source>
        <translation>POSEZ</translation>
    </message>
    <message>
        <source>Once more, and why? Or let it stand as failed. Foot switch: it lay badly.</source>
        <translation>Encore une fois, et pourquoi&#xa0;? Ou laissez l’échec. Pédale&#xa0;: mal posée.</translation>
    </message>
    <message>
        <source>This was the second try.</source>
        <translation>C’était le deuxième essai.</translation>
    </message>
    <message>
        <source>The station cannot inspect now: look at the page behind, try again.</source>
        <translation>Le poste ne peut pas contrôler maintenant&#xa0;: voyez la page derrière, puis réessayez.</translation>
    </message>
    <message>
        <source>No answer: {} Press again.</source>
        <translation>Pas de réponse&#xa0;: {} Appuyez de nouveau.</translation>
    </message>
    <message>
        <source>Lay the sample in, then press Space or the foot switch.</source>
        <translation>Posez l’étalon, puis appuyez sur Espace ou sur la pédale.</translation>
    </message>
    <message>
        <source>Production goes on when this window is closed.</source>
        <translation>La production reprend à la fermeture de cette fenêtre.</translation>
    </message>
    <message>
        <source>Nothing has changed.</source>
        <translation>Rien n’a changé.</translation>
    </message>
    <message>
        <source>Failed: {}. The station is not released.</source>
        <translation>Échec&#xa0;: {}. Le poste n’est pas libéré.</translation>
    </message>
    <message>
        <source>ever</source>
        <translation>depuis toujours</translation>
    </message>
    <message>
        <source>Parts since the last good check: {n} ({when}).</source>
        <translation>Pièces depuis le dernier contrôle réussi&#xa0;: {n} ({when}).</translation>
    </message>
    <message>
        <source>Close (Space)</source>
        <translation>Fermer (Espace)</translation>
    </message>
    <message>
        <source>Inspect (Space)</source>
        <translation>Contrôler (Espace)</translation>
    </message>
    <message>
        <source>Golden-sample check</source>
        <translation>Contrôle des pièces étalons</translation>
    </message>
    <message>
        <source>Picture of the sample to lay in</source>
        <translation>Image de l’étalon à poser</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Résultats</translation>
    </message>
    <message>
        <source>Try once more: {}</source>
        <translation>Encore un essai&#xa0;: {}</translation>
    </message>
    <message>
        <source>It failed (F)</source>
        <translation>C’est un échec (F)</translation>
    </message>
    <message>
        <source>Let it stand as failed</source>
        <translation>Laisser l’échec</translation>
    </message>
    <message>
        <source>Show these parts in History</source>
        <translation>Voir ces pièces dans l’historique</translation>
    </message>
    <message>
        <source>Record these scores as bands</source>
        <translation>Enregistrer ces scores comme bornes</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>Annuler (Échap)</translation>
    </message>
    <message>
        <source>Cancel the check</source>
        <translation>Annuler le contrôle</translation>
    </message>
</context>
<context>
    <name>GoldenDesk</name>
    <message>
        <source>{} has no golden samples: Station, Golden samples.</source>
        <translation>{} n’a pas de pièces étalons&#xa0;: Poste, Pièces étalons.</translation>
    </message>
    <message>
        <source>Teach a product first.</source>
        <translation>Apprenez d’abord un produit.</translation>
    </message>
    <message>
        <source>The station is released: nothing stands in its way.</source>
        <translation>Le poste est libéré&#xa0;: rien ne s’y oppose.</translation>
    </message>
    <message>
        <source>Golden-sample check: {}.</source>
        <translation>Contrôle des pièces étalons&#xa0;: {}.</translation>
    </message>
</context>
<context>
    <name>GoldenSamplesDialog</name>
    <message>
        <source>Inspect the sample first, then add it here.</source>
        <translation>Contrôlez d’abord l’étalon, puis ajoutez-le ici.</translation>
    </message>
    <message>
        <source>{} has been added.</source>
        <translation>{} a été ajouté.</translation>
    </message>
    <message>
        <source>{} has been saved.</source>
        <translation>{} a été enregistré.</translation>
    </message>
    <message>
        <source>{} has been removed.</source>
        <translation>{} a été retiré.</translation>
    </message>
    <message>
        <source>The band holds for model {}; of another one only the verdict is checked.</source>
        <translation>Les bornes valent pour le modèle {}&#xa0;; avec un autre, seul le verdict est contrôlé.</translation>
    </message>
    <message>
        <source>{number} · {time} · {verdict} · score {score}</source>
        <translation>{number} · {time} · {verdict} · score {score}</translation>
    </message>
    <message>
        <source>Nothing has been inspected yet.</source>
        <translation>Rien n’a encore été contrôlé.</translation>
    </message>
    <message>
        <source>Golden samples</source>
        <translation>Pièces étalons</translation>
    </message>
    <message>
        <source>Golden samples of {}</source>
        <translation>Pièces étalons de {}</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Attendu</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>No samples yet. Lay a part in whose verdict is known, inspect it, then add it here: some good ones and one of each defect.</source>
        <translation>Pas encore d’étalon. Posez une pièce au verdict connu, contrôlez-la, puis ajoutez-la ici&#xa0;: quelques bonnes et une par défaut.</translation>
    </message>
    <message>
        <source>&amp;Part</source>
        <translation>&amp;Pièce</translation>
    </message>
    <message>
        <source>Part that becomes a sample</source>
        <translation>Pièce qui devient étalon</translation>
    </message>
    <message>
        <source>&amp;Name on the sample</source>
        <translation>&amp;Nom sur l’étalon</translation>
    </message>
    <message>
        <source>Name on the sample</source>
        <translation>Nom sur l’étalon</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Add the part as a golden sample</source>
        <translation>Ajouter la pièce comme étalon</translation>
    </message>
    <message>
        <source>&amp;Hours between checks</source>
        <translation>&amp;Heures entre contrôles</translation>
    </message>
    <message>
        <source>Hours between checks, 0 for none</source>
        <translation>Heures entre contrôles, 0 pour aucune</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucune</translation>
    </message>
    <message>
        <source>A check at each &amp;shift start</source>
        <translation>Un contrôle à chaque &amp;début d’équipe</translation>
    </message>
    <message>
        <source>&amp;Expected</source>
        <translation>A&amp;ttendu</translation>
    </message>
    <message>
        <source>Expected verdict</source>
        <translation>Verdict attendu</translation>
    </message>
    <message>
        <source>Score &amp;from</source>
        <translation>Score &amp;de</translation>
    </message>
    <message>
        <source>Lower end of the score band</source>
        <translation>Borne basse du score</translation>
    </message>
    <message>
        <source>Score &amp;to</source>
        <translation>Score &amp;à</translation>
    </message>
    <message>
        <source>Upper end of the score band</source>
        <translation>Borne haute du score</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Save the sample&apos;s expectation</source>
        <translation>Enregistrer l’attente de l’étalon</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Remove the sample</source>
        <translation>Retirer l’étalon</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Fermer (Échap)</translation>
    </message>
    <message>
        <source>Close the golden samples</source>
        <translation>Fermer les pièces étalons</translation>
    </message>
    <message>
        <source>Picture of the chosen sample</source>
        <translation>Image de l’étalon choisi</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disque</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Base de données</translation>
    </message>
    <message>
        <source>{} fps</source>
        <translation>{} im/s</translation>
    </message>
    <message>
        <source>{} GB free</source>
        <translation>{} Go libres</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>connexion</translation>
    </message>
    <message>
        <source>no more pictures</source>
        <translation>plus d’images</translation>
    </message>
    <message>
        <source>late</source>
        <translation>en retard</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>à l’arrêt</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>démarrage</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>chargement</translation>
    </message>
    <message>
        <source>restarting</source>
        <translation>redémarrage</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>vérification</translation>
    </message>
    <message>
        <source>slow</source>
        <translation>lente</translation>
    </message>
    <message>
        <source>backup failed</source>
        <translation>sauvegarde échouée</translation>
    </message>
    <message>
        <source>backup too old</source>
        <translation>sauvegarde trop ancienne</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>Panne</translation>
    </message>
    <message>
        <source>Inspection goes on, but somebody should look.</source>
        <translation>Le contrôle continue, mais quelqu’un devrait y regarder.</translation>
    </message>
    <message>
        <source>Parts are not inspected because of this.</source>
        <translation>À cause de cela, les pièces ne sont pas contrôlées.</translation>
    </message>
    <message>
        <source>The free space cannot be read.</source>
        <translation>L’espace libre ne peut pas être lu.</translation>
    </message>
    <message>
        <source>Back up on the Maintenance page (Ctrl+9).</source>
        <translation>Sauvegardez sur la page Maintenance (Ctrl+9).</translation>
    </message>
    <message>
        <source>Live pictures skipped: {}</source>
        <translation>Images en direct sautées&#xa0;: {}</translation>
    </message>
    <message>
        <source>Reconnections: {}</source>
        <translation>Reconnexions&#xa0;: {}</translation>
    </message>
    <message>
        <source>Memory: {} MB</source>
        <translation>Mémoire&#xa0;: {} Mo</translation>
    </message>
    <message>
        <source>Model: {}</source>
        <translation>Modèle&#xa0;: {}</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Part</source>
        <translation>Pièce</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>N° de série</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>Defect</source>
        <translation>Défaut</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>Lot</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Expert&apos;s answer</source>
        <translation>Réponse de l’expert</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>inspections.csv</source>
        <translation>controles.csv</translation>
    </message>
    <message>
        <source>Exporting …</source>
        <translation>Export en cours…</translation>
    </message>
    <message>
        <source>Inspected parts</source>
        <translation>Pièces contrôlées</translation>
    </message>
    <message>
        <source>Picture of the selected part</source>
        <translation>Image de la pièce choisie</translation>
    </message>
    <message>
        <source>Override …</source>
        <translation>Forcer…</translation>
    </message>
    <message>
        <source>Override the verdict of the selected part</source>
        <translation>Forcer le verdict de la pièce choisie</translation>
    </message>
    <message>
        <source>Decide otherwise than the machine (Ctrl+Shift+V)</source>
        <translation>Décider autrement que la machine (Ctrl+Maj+V)</translation>
    </message>
    <message>
        <source>Export CSV …</source>
        <translation>Exporter en CSV…</translation>
    </message>
    <message>
        <source>Export the listed parts to a CSV file</source>
        <translation>Exporter les pièces affichées dans un fichier CSV</translation>
    </message>
    <message>
        <source>Review this part</source>
        <translation>Revoir cette pièce</translation>
    </message>
    <message>
        <source>Review the selected part</source>
        <translation>Revoir la pièce choisie</translation>
    </message>
    <message>
        <source>↑ ↓ choose a part · H held: bare picture · Ctrl+F search</source>
        <translation>↑ ↓ choisir une pièce · H maintenue&#xa0;: image nue · Ctrl+F chercher</translation>
    </message>
    <message>
        <source>No part selected</source>
        <translation>Aucune pièce choisie</translation>
    </message>
    <message>
        <source>No part matches these filters. “Show all” removes them.</source>
        <translation>Aucune pièce ne correspond à ces filtres. «&#xa0;Tout afficher&#xa0;» les retire.</translation>
    </message>
    <message>
        <source>Nothing has been inspected yet.</source>
        <translation>Rien n’a encore été contrôlé.</translation>
    </message>
    <message>
        <source>Part {number} · {verdict}</source>
        <translation>Pièce {number} · {verdict}</translation>
    </message>
    <message>
        <source>{} parts</source>
        <translation>Pièces&#xa0;: {}</translation>
    </message>
    <message>
        <source>The export was cancelled.</source>
        <translation>L’export a été annulé.</translation>
    </message>
    <message>
        <source>The export failed: {}</source>
        <translation>L’export a échoué&#xa0;: {}</translation>
    </message>
    <message>
        <source>{n} parts exported to {path}</source>
        <translation>Pièces exportées vers {path}&#xa0;: {n}</translation>
    </message>
</context>
<context>
    <name>ImportCard</name>
    <message>
        <source>Whose &amp;key is this</source>
        <translation>À &amp;qui est cette clé</translation>
    </message>
    <message>
        <source>Name of the station or person that signed</source>
        <translation>Nom du poste ou de la personne qui a signé</translation>
    </message>
    <message>
        <source>for example: station of line 3</source>
        <translation>par exemple&#xa0;: poste de la ligne 3</translation>
    </message>
    <message>
        <source>Trust this key and import</source>
        <translation>Accepter la clé et importer</translation>
    </message>
    <message>
        <source>Import as revision</source>
        <translation>Importer comme révision</translation>
    </message>
    <message>
        <source>Do not import</source>
        <translation>Ne pas importer</translation>
    </message>
    <message>
        <source>Import {product}</source>
        <translation>Importer {product}</translation>
    </message>
    <message>
        <source>Exported {when} by {who} from revision {n}.</source>
        <translation>Exportée le {when} par {who}, révision {n}.</translation>
    </message>
    <message>
        <source>Signed with a key that is not known here: {}. Compare it with the one that the other station shows when it exports; trust it only if it is the same.</source>
        <translation>Signée avec une clé inconnue ici&#xa0;: {}. Comparez-la à celle que l’autre poste affiche à l’export&#xa0;; ne l’acceptez que si c’est la même.</translation>
    </message>
    <message>
        <source>Signed by this station ({}).</source>
        <translation>Signée par ce poste ({}).</translation>
    </message>
    <message>
        <source>Signed by {name} ({key}).</source>
        <translation>Signée par {name} ({key}).</translation>
    </message>
    <message>
        <source>This product is new here; it needs a model before it can inspect.</source>
        <translation>Ce produit est nouveau ici&#xa0;; il lui faut un modèle avant de contrôler.</translation>
    </message>
    <message>
        <source>{field}: {old} → {new}</source>
        <translation>{field}&#xa0;: {old} → {new}</translation>
    </message>
    <message>
        <source>It inspects just as the newest revision here does.</source>
        <translation>Elle contrôle exactement comme la révision la plus récente d’ici.</translation>
    </message>
</context>
<context>
    <name>InspectControls</name>
    <message>
        <source>Start (F5)</source>
        <translation>Démarrer (F5)</translation>
    </message>
    <message>
        <source>Pause (F5)</source>
        <translation>Pause (F5)</translation>
    </message>
    <message>
        <source>&amp;Heatmap</source>
        <translation>Carte de c&amp;haleur</translation>
    </message>
    <message>
        <source>Opacity of the heatmap</source>
        <translation>Opacité de la carte de chaleur</translation>
    </message>
    <message>
        <source>hold H: bare picture</source>
        <translation>H maintenue&#xa0;: image nue</translation>
    </message>
    <message>
        <source>Leave (F11)</source>
        <translation>Sortir (F11)</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Sortir du plein écran</translation>
    </message>
    <message>
        <source>Leave full screen (F11 or Esc)</source>
        <translation>Sortir du plein écran (F11 ou Échap)</translation>
    </message>
    <message>
        <source>Inspect (Space)</source>
        <translation>Contrôler (Espace)</translation>
    </message>
    <message>
        <source>Start or pause inspection</source>
        <translation>Démarrer ou mettre en pause le contrôle</translation>
    </message>
    <message>
        <source>Inspect one part now</source>
        <translation>Contrôler une pièce maintenant</translation>
    </message>
    <message>
        <source>Check golden samples (F6)</source>
        <translation>Contrôler les étalons (F6)</translation>
    </message>
    <message>
        <source>Check the golden samples</source>
        <translation>Contrôler les pièces étalons</translation>
    </message>
</context>
<context>
    <name>InspectPage</name>
    <message>
        <source>Inspect</source>
        <translation>Contrôle</translation>
    </message>
</context>
<context>
    <name>InspectWords</name>
    <message>
        <source>Take part {} out: the line treats it as NG.</source>
        <translation>Retirez la pièce {}&#xa0;: la ligne la traite comme rebut.</translation>
    </message>
    <message>
        <source>No lot from now on.</source>
        <translation>Plus de lot à partir de maintenant.</translation>
    </message>
    <message>
        <source>Lot {} has begun.</source>
        <translation>Le lot {} est commencé.</translation>
    </message>
    <message>
        <source>Lot {lot} goes on: {parts} parts so far.</source>
        <translation>Le lot {lot} continue&#xa0;: {parts} pièces jusqu’ici.</translation>
    </message>
</context>
<context>
    <name>JobCard</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Cancel teaching</source>
        <translation>Annuler l’apprentissage</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avancement</translation>
    </message>
    <message>
        <source>Cancelling …</source>
        <translation>Annulation…</translation>
    </message>
    <message>
        <source>{stage}: {done} of {total}</source>
        <translation>{stage}&#xa0;: {done} sur {total}</translation>
    </message>
</context>
<context>
    <name>Label</name>
    <message>
        <source>Good</source>
        <translation>Bonne</translation>
    </message>
    <message>
        <source>Defect</source>
        <translation>Défaut</translation>
    </message>
    <message>
        <source>Can&apos;t tell</source>
        <translation>Indécidable</translation>
    </message>
</context>
<context>
    <name>Learning</name>
    <message>
        <source>Good and defective told apart (image AUROC)</source>
        <translation>Bonnes et défectueuses bien séparées (AUROC image)</translation>
    </message>
    <message>
        <source>Defects passed as OK (escape)</source>
        <translation>Défauts passés pour OK (non-détection)</translation>
    </message>
    <message>
        <source>Good parts rejected as NG (overkill)</source>
        <translation>Bonnes pièces rejetées (faux rebuts)</translation>
    </message>
    <message>
        <source>Parts sent to review</source>
        <translation>Pièces envoyées en revue</translation>
    </message>
    <message>
        <source>better</source>
        <translation>mieux</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>moins bien</translation>
    </message>
    <message>
        <source>same</source>
        <translation>identique</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>no held-out parts of this kind yet</source>
        <translation>pas encore de pièce réservée de ce type</translation>
    </message>
    <message>
        <source>only {n} held-out parts so far; a number needs {needed} of each kind</source>
        <translation>seulement {n} pièces réservées pour l’instant&#xa0;; il en faut {needed} de chaque type pour un chiffre</translation>
    </message>
    <message>
        <source>At most {rate} of defects at or below the OK limit {limit}</source>
        <translation>Au plus {rate} des défauts sous la limite OK {limit}</translation>
    </message>
    <message>
        <source>{n} defect pictures support {rate}</source>
        <translation>{n} images de défauts permettent {rate}</translation>
    </message>
    <message>
        <source>At most {rate} of good parts above the OK limit {limit}</source>
        <translation>Au plus {rate} des bonnes pièces au-dessus de la limite OK {limit}</translation>
    </message>
    <message>
        <source>{n} good pictures support {rate}</source>
        <translation>{n} images bonnes permettent {rate}</translation>
    </message>
    <message>
        <source>At most {rate} of good parts above the NG limit {limit}</source>
        <translation>Au plus {rate} des bonnes pièces au-dessus de la limite de rebut {limit}</translation>
    </message>
    <message>
        <source>Limit {}.</source>
        <translation>Limite {}.</translation>
    </message>
    <message>
        <source>{claim}.</source>
        <translation>{claim}.</translation>
    </message>
    <message>
        <source>{claim} ({support}).</source>
        <translation>{claim} ({support}).</translation>
    </message>
    <message>
        <source>{claim} was asked for, but {support}: it takes {needed} pictures.</source>
        <translation>{claim}&#xa0;: c’est demandé, mais {support}&#xa0;; il faut {needed} images.</translation>
    </message>
    <message>
        <source>{good} good, {defect} defective</source>
        <translation>{good} bonnes, {defect} défectueuses</translation>
    </message>
    <message>
        <source>{} good</source>
        <translation>{} bonnes</translation>
    </message>
    <message>
        <source>{} “can&apos;t tell”</source>
        <translation>{} «&#xa0;indécidable&#xa0;»</translation>
    </message>
    <message>
        <source>{} whose answers contradict each other</source>
        <translation>{} aux réponses contradictoires</translation>
    </message>
    <message>
        <source>{} seen twice</source>
        <translation>{} en double</translation>
    </message>
    <message>
        <source>{} unreadable</source>
        <translation>{} illisibles</translation>
    </message>
    <message>
        <source>{} painted regions unreadable</source>
        <translation>{} zones peintes illisibles</translation>
    </message>
    <message>
        <source>Left out: {}.</source>
        <translation>Laissées de côté&#xa0;: {}.</translation>
    </message>
</context>
<context>
    <name>LearningPage</name>
    <message>
        <source>Give the product a name first.</source>
        <translation>Donnez d’abord un nom au produit.</translation>
    </message>
    <message>
        <source>Rolled back to model {}.</source>
        <translation>Retour au modèle {}.</translation>
    </message>
    <message>
        <source>Model {} is in use now.</source>
        <translation>Le modèle {} est maintenant en service.</translation>
    </message>
    <message>
        <source>Model {} is in use again.</source>
        <translation>Le modèle {} est de nouveau en service.</translation>
    </message>
    <message>
        <source>This is the same picture as before; show another part.</source>
        <translation>C’est la même image qu’avant&#xa0;; montrez une autre pièce.</translation>
    </message>
</context>
<context>
    <name>LicenceList</name>
    <message>
        <source>Package</source>
        <translation>Paquet</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Packages and their licences</source>
        <translation>Paquets et leurs licences</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Rechercher (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search for a package or a licence</source>
        <translation>Rechercher un paquet ou une licence</translation>
    </message>
    <message>
        <source>Licence of the chosen package</source>
        <translation>Licence du paquet choisi</translation>
    </message>
    <message>
        <source>not named by the package; originals: Apache 2.0</source>
        <translation>non indiquée par le paquet ; originaux : Apache 2.0</translation>
    </message>
    <message>
        <source>not named; see the text</source>
        <translation>non indiquée ; voir le texte</translation>
    </message>
    <message>
        <source>{} packages</source>
        <translation>{} paquets</translation>
    </message>
    <message>
        <source>The package brings no licence text along.</source>
        <translation>Le paquet ne fournit pas de texte de licence.</translation>
    </message>
</context>
<context>
    <name>LimitsEditor</name>
    <message>
        <source>OK up to</source>
        <translation>OK jusqu’à</translation>
    </message>
    <message>
        <source>NG above</source>
        <translation>Rebut au-delà de</translation>
    </message>
    <message>
        <source>OK limit: scores up to this are OK</source>
        <translation>Limite OK : les scores jusqu’à cette valeur sont OK</translation>
    </message>
    <message>
        <source>NG limit: scores above this are NG</source>
        <translation>Limite de rebut : au-delà de cette valeur, la pièce est au rebut</translation>
    </message>
    <message>
        <source>Model&apos;s own</source>
        <translation>Du modèle</translation>
    </message>
    <message>
        <source>Back to the model&apos;s own limits</source>
        <translation>Revenir aux limites du modèle</translation>
    </message>
    <message>
        <source>As in use</source>
        <translation>En service</translation>
    </message>
    <message>
        <source>Back to the limits in use</source>
        <translation>Revenir aux limites en service</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Why? It is kept with the recipe.</source>
        <translation>Pourquoi ce choix ?</translation>
    </message>
    <message>
        <source>Reason of the change</source>
        <translation>Motif du changement</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Save as a revision of the recipe</source>
        <translation>Enregistrer comme révision de la recette</translation>
    </message>
    <message>
        <source>These limits are in use already.</source>
        <translation>Ces limites sont déjà en service.</translation>
    </message>
    <message>
        <source>Give a reason first.</source>
        <translation>Donnez d’abord un motif.</translation>
    </message>
</context>
<context>
    <name>LimitsNote</name>
    <message>
        <source>OK ≤ {ok} · NG &gt; {ng}</source>
        <translation>OK ≤ {ok} · rebut &gt; {ng}</translation>
    </message>
    <message>
        <source>The model&apos;s own limits.</source>
        <translation>Limites du modèle.</translation>
    </message>
    <message>
        <source>Limits set on the Thresholds page.</source>
        <translation>Limites réglées sur la page Seuils.</translation>
    </message>
    <message>
        <source>Set limits: {}</source>
        <translation>Limites réglées : {}</translation>
    </message>
    <message>
        <source>The limits of the recipe were set for another model and do not count.</source>
        <translation>Les limites de la recette ont été réglées pour un autre modèle et ne comptent pas.</translation>
    </message>
    <message>
        <source>⚠ Set limits void, in use: {}</source>
        <translation>⚠ Limites réglées sans effet ; en service : {}</translation>
    </message>
</context>
<context>
    <name>LineageView</name>
    <message>
        <source>Lineage of the models</source>
        <translation>Filiation des modèles</translation>
    </message>
    <message>
        <source>● in use   ◉ used before   ○ candidate – a line leads to what was made of it</source>
        <translation>● en service   ◉ déjà utilisé   ○ candidat – un trait mène à ce qui en a été tiré</translation>
    </message>
    <message>
        <source>Nothing has been taught yet.</source>
        <translation>Rien n’a encore été appris.</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>Debug</source>
        <translation>Débogage</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>⚠ Warning</source>
        <translation>⚠ Avertissement</translation>
    </message>
    <message>
        <source>✗ Error</source>
        <translation>✗ Erreur</translation>
    </message>
    <message>
        <source>✗ Critical</source>
        <translation>✗ Critique</translation>
    </message>
</context>
<context>
    <name>LogInDialog</name>
    <message>
        <source>Choose your name, or scan your badge.</source>
        <translation>Choisissez votre nom, ou scannez votre badge.</translation>
    </message>
    <message>
        <source>Enter your PIN.</source>
        <translation>Saisissez votre code PIN.</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Vérification…</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>Se connecter</translation>
    </message>
    <message>
        <source>&amp;Badge</source>
        <translation>&amp;Badge</translation>
    </message>
    <message>
        <source>Scan your badge now …</source>
        <translation>Scannez votre badge…</translation>
    </message>
    <message>
        <source>Badge, scanned</source>
        <translation>Badge scanné</translation>
    </message>
    <message>
        <source>… or your &amp;name</source>
        <translation>… ou votre &amp;nom</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Votre nom</translation>
    </message>
    <message>
        <source>Names of the users</source>
        <translation>Noms des utilisateurs</translation>
    </message>
    <message>
        <source>and your &amp;PIN</source>
        <translation>et votre code &amp;PIN</translation>
    </message>
    <message>
        <source>Your PIN</source>
        <translation>Votre code PIN</translation>
    </message>
    <message>
        <source>Log in (Enter)</source>
        <translation>Se connecter (Entrée)</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>Annuler (Échap)</translation>
    </message>
    <message>
        <source>Close without logging in</source>
        <translation>Fermer sans se connecter</translation>
    </message>
</context>
<context>
    <name>LogView</name>
    <message>
        <source>All levels</source>
        <translation>Tous les niveaux</translation>
    </message>
    <message>
        <source>{} and above</source>
        <translation>{} et plus</translation>
    </message>
    <message>
        <source>Least level</source>
        <translation>Niveau minimal</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Rechercher (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search in the log</source>
        <translation>Rechercher dans le journal</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Suivre</translation>
    </message>
    <message>
        <source>Keep the newest entry in sight</source>
        <translation>Garder la dernière entrée visible</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Read nothing new for now</source>
        <translation>Ne rien lire de nouveau pour l’instant</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the chosen entries</source>
        <translation>Copier les entrées choisies</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Plus anciens</translation>
    </message>
    <message>
        <source>Read earlier entries</source>
        <translation>Lire les entrées plus anciennes</translation>
    </message>
    <message>
        <source>Log entries</source>
        <translation>Entrées du journal</translation>
    </message>
    <message>
        <source>Whole text of the chosen entry</source>
        <translation>Texte complet de l’entrée choisie</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>The log cannot be read: {}</source>
        <translation>Le journal ne peut pas être lu : {}</translation>
    </message>
    <message>
        <source>{n} of {all} entries read</source>
        <translation>{n} sur {all} entrées lues</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Parts waiting for review: {}</source>
        <translation>Pièces à revoir&#xa0;: {}</translation>
    </message>
    <message>
        <source>Sounds are on.</source>
        <translation>Les sons sont activés.</translation>
    </message>
    <message>
        <source>Sounds are off.</source>
        <translation>Les sons sont coupés.</translation>
    </message>
    <message>
        <source>QC Station</source>
        <translation>QC Station</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
</context>
<context>
    <name>MaintenancePage</name>
    <message>
        <source>Activities</source>
        <translation>Activités</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Audit trail</source>
        <translation>Piste d’audit</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sauvegarde</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnostic</translation>
    </message>
    <message>
        <source>Maintenance</source>
        <translation>Maintenance</translation>
    </message>
    <message>
        <source>Restored from {}.</source>
        <translation>Restauré depuis {}.</translation>
    </message>
    <message>
        <source>What was there before is in {}.</source>
        <translation>Ce qui s’y trouvait avant est dans {}.</translation>
    </message>
    <message>
        <source>Nothing was restored: {}</source>
        <translation>Rien n’a été restauré : {}</translation>
    </message>
</context>
<context>
    <name>MaskPanel</name>
    <message>
        <source>{} px</source>
        <translation>{} px</translation>
    </message>
    <message>
        <source>Next region: {}</source>
        <translation>Prochaine zone&#xa0;: {}</translation>
    </message>
    <message>
        <source>Region {number}: {name}</source>
        <translation>Zone {number}&#xa0;: {name}</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinceau</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>Gomme</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Remplissage</translation>
    </message>
    <message>
        <source>Model&apos;s region</source>
        <translation>Zone du modèle</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Valider</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Échap</translation>
    </message>
    <message>
        <source>Done painting</source>
        <translation>Terminer</translation>
    </message>
    <message>
        <source>Another region</source>
        <translation>Autre zone</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Suppr</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Ctrl+Z</source>
        <translation>Ctrl+Z</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation>Ctrl+Maj+Z</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Refaire</translation>
    </message>
    <message>
        <source>New defect class …</source>
        <translation>Nouveau défaut…</translation>
    </message>
    <message>
        <source>Name of the defect, then Enter</source>
        <translation>Nom du défaut, puis Entrée</translation>
    </message>
    <message>
        <source>Name of a new defect class</source>
        <translation>Nom d’une nouvelle classe de défaut</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Taille du pinceau</translation>
    </message>
    <message>
        <source>Brush size ([ smaller, ] larger, Ctrl and wheel)</source>
        <translation>Taille du pinceau ([ plus petit, ] plus grand, Ctrl et molette)</translation>
    </message>
    <message>
        <source>From heat</source>
        <translation>Chaleur dès</translation>
    </message>
    <message>
        <source>Heat from which the model&apos;s region is taken</source>
        <translation>Chaleur à partir de laquelle la zone du modèle est prise</translation>
    </message>
    <message>
        <source>Heat from which the model&apos;s region is taken ([ less, ] more)</source>
        <translation>Chaleur à partir de laquelle la zone du modèle est prise ([ moins, ] plus)</translation>
    </message>
    <message>
        <source>Painted regions</source>
        <translation>Zones peintes</translation>
    </message>
    <message>
        <source>Painted regions (T: the next one)</source>
        <translation>Zones peintes (T&#xa0;: la suivante)</translation>
    </message>
    <message>
        <source>{number} · {name}</source>
        <translation>{number} · {name}</translation>
    </message>
</context>
<context>
    <name>MaskWork</name>
    <message>
        <source>Painted regions: {}</source>
        <translation>Zones peintes&#xa0;: {}</translation>
    </message>
    <message>
        <source>Paint the defect</source>
        <translation>Peindre le défaut</translation>
    </message>
    <message>
        <source>Put the tool down first (Esc), then answer.</source>
        <translation>Posez d’abord l’outil (Échap), puis répondez.</translation>
    </message>
    <message>
        <source>Region {number} is not shown: {why} Paint it again.</source>
        <translation>La zone {number} n’est pas affichée&#xa0;: {why} Peignez-la à nouveau.</translation>
    </message>
    <message>
        <source>What was painted is not kept yet, it is tried again: {}</source>
        <translation>La peinture n’est pas encore enregistrée, nouvel essai en cours&#xa0;: {}</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>Pas encore enregistré</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>Enregistrement…</translation>
    </message>
    <message>
        <source>All saved</source>
        <translation>Tout est enregistré</translation>
    </message>
    <message>
        <source>There is no closed outline around this point.</source>
        <translation>Aucun contour fermé n’entoure ce point.</translation>
    </message>
    <message>
        <source>The model left no heatmap of this part.</source>
        <translation>Le modèle n’a pas laissé de carte de chaleur pour cette pièce.</translation>
    </message>
    <message>
        <source>The model sees nothing here from this heat on; take a lower one.</source>
        <translation>Le modèle ne voit rien ici à partir de cette chaleur&#xa0;; choisissez-en une plus basse.</translation>
    </message>
    <message>
        <source>There are too many regions on this part.</source>
        <translation>Il y a trop de zones sur cette pièce.</translation>
    </message>
    <message>
        <source>This polygon holds no pixel; it needs three corners.</source>
        <translation>Ce polygone ne contient aucun pixel&#xa0;; il lui faut trois sommets.</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>● in use</source>
        <translation>● en service</translation>
    </message>
    <message>
        <source>◉ used before</source>
        <translation>◉ déjà utilisé</translation>
    </message>
    <message>
        <source>○ candidate</source>
        <translation>○ candidat</translation>
    </message>
    <message>
        <source>Good and defective told apart (AUROC)</source>
        <translation>Bonnes et défectueuses distinguées (AUROC)</translation>
    </message>
    <message>
        <source>Defects passed as OK</source>
        <translation>Défauts passés en OK</translation>
    </message>
    <message>
        <source>Good parts rejected as NG</source>
        <translation>Bonnes pièces rebutées</translation>
    </message>
    <message>
        <source>Parts sent to review</source>
        <translation>Pièces envoyées en revue</translation>
    </message>
    <message>
        <source>Good parts not passed as OK</source>
        <translation>Bonnes pièces non passées en OK</translation>
    </message>
    <message>
        <source>({} parts)</source>
        <translation>({} pièces)</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Model {} is in use now.</source>
        <translation>Le modèle {} est maintenant en service.</translation>
    </message>
    <message>
        <source>Rolled back to model {}.</source>
        <translation>Retour au modèle {}.</translation>
    </message>
    <message>
        <source>Model {} is in use again.</source>
        <translation>Le modèle {} est de nouveau en service.</translation>
    </message>
    <message>
        <source>Comparing … (Maintenance shows how far)</source>
        <translation>Comparaison… (avancement sur la page Maintenance)</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>Reason, for the audit trail</source>
        <translation>Raison, pour la piste d’audit</translation>
    </message>
    <message>
        <source>Reason of the activation or roll-back</source>
        <translation>Raison de l’activation ou du retour</translation>
    </message>
    <message>
        <source>Activate</source>
        <translation>Activer</translation>
    </message>
    <message>
        <source>Activate the chosen version</source>
        <translation>Activer la version choisie</translation>
    </message>
    <message>
        <source>Roll back (R)</source>
        <translation>Revenir en arrière (R)</translation>
    </message>
    <message>
        <source>Roll back to the version used before</source>
        <translation>Revenir à la version utilisée avant</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Export the chosen version to a file</source>
        <translation>Exporter la version choisie dans un fichier</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importer…</translation>
    </message>
    <message>
        <source>Import a model from a file</source>
        <translation>Importer un modèle d’un fichier</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Compare the chosen version</source>
        <translation>Comparer la version choisie</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Comparer avec</translation>
    </message>
    <message>
        <source>Version to compare with</source>
        <translation>Version à comparer</translation>
    </message>
    <message>
        <source>Model versions</source>
        <translation>Versions du modèle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Taught</source>
        <translation>Appris le</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Exported to {}</source>
        <translation>Exporté vers {}</translation>
    </message>
    <message>
        <source>Model {} is in the library; it inspects once it is activated.</source>
        <translation>Le modèle {} est dans la bibliothèque ; il contrôlera dès qu’il sera activé.</translation>
    </message>
    <message>
        <source>Cancelled; nothing was left behind.</source>
        <translation>Annulé ; rien n’a été laissé.</translation>
    </message>
</context>
<context>
    <name>NewLotDialog</name>
    <message>
        <source>New lot</source>
        <translation>Nouveau lot</translation>
    </message>
    <message>
        <source>Running now: lot {}.</source>
        <translation>En cours&#xa0;: lot {}.</translation>
    </message>
    <message>
        <source>Every part from now on is written down with the lot.</source>
        <translation>Chaque pièce est dès lors enregistrée avec le lot.</translation>
    </message>
    <message>
        <source>No lot is running now.</source>
        <translation>Aucun lot n’est en cours.</translation>
    </message>
    <message>
        <source>&amp;Name or number, typed or scanned; empty: date and time</source>
        <translation>&amp;Nom ou numéro, saisi ou scanné&#xa0;; vide&#xa0;: date et heure</translation>
    </message>
    <message>
        <source>Name or number of the lot</source>
        <translation>Nom ou numéro du lot</translation>
    </message>
    <message>
        <source>Begin lot (Enter)</source>
        <translation>Commencer (Entrée)</translation>
    </message>
    <message>
        <source>Begin this lot</source>
        <translation>Commencer ce lot</translation>
    </message>
    <message>
        <source>End the lot</source>
        <translation>Terminer le lot</translation>
    </message>
    <message>
        <source>Go on without a lot</source>
        <translation>Continuer sans lot</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>Annuler (Échap)</translation>
    </message>
    <message>
        <source>Leave the lot as it is</source>
        <translation>Laisser le lot tel quel</translation>
    </message>
    <message>
        <source>The name of a lot has at most {} characters.</source>
        <translation>Le nom d’un lot a au plus {} caractères.</translation>
    </message>
</context>
<context>
    <name>NextSerialButton</name>
    <message>
        <source>Next part: {}</source>
        <translation>Pièce suivante&#xa0;: {}</translation>
    </message>
    <message>
        <source>Serial number of the next part: {}. Press to forget it.</source>
        <translation>Numéro de série de la pièce suivante&#xa0;: {}. Appuyez pour l’oublier.</translation>
    </message>
</context>
<context>
    <name>NotInspectingBanner</name>
    <message>
        <source>Not inspecting</source>
        <translation>Contrôle arrêté</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>{} %</source>
        <translation>{}&#x202f;%</translation>
    </message>
</context>
<context>
    <name>Override</name>
    <message>
        <source>{machine} → {decided}</source>
        <translation>{machine} → {decided}</translation>
    </message>
    <message>
        <source>Declared OK by {who} ({when}), NOT inspected by the machine: {why}</source>
        <translation>Déclarée OK par {who} ({when}), NON contrôlée par la machine&#xa0;: {why}</translation>
    </message>
    <message>
        <source>Overridden to {verdict} by {who} ({when}): {why}</source>
        <translation>Verdict forcé à {verdict} par {who} ({when})&#xa0;: {why}</translation>
    </message>
    <message>
        <source>Dust or dirt, wiped off</source>
        <translation>Poussière ou saleté, essuyée</translation>
    </message>
    <message>
        <source>Reflection or shadow</source>
        <translation>Reflet ou ombre</translation>
    </message>
    <message>
        <source>Within the customer&apos;s tolerance</source>
        <translation>Dans la tolérance du client</translation>
    </message>
    <message>
        <source>Part inspected by hand</source>
        <translation>Pièce contrôlée à la main</translation>
    </message>
    <message>
        <source>Defect seen by eye</source>
        <translation>Défaut vu à l’œil</translation>
    </message>
    <message>
        <source>Wrong part</source>
        <translation>Mauvaise pièce</translation>
    </message>
    <message>
        <source>Damaged while handled</source>
        <translation>Abîmée à la manipulation</translation>
    </message>
</context>
<context>
    <name>OverrideDialog</name>
    <message>
        <source>Override the verdict</source>
        <translation>Forcer le verdict</translation>
    </message>
    <message>
        <source>Part {number} · the machine says {verdict}</source>
        <translation>Pièce {number} · la machine dit {verdict}</translation>
    </message>
    <message>
        <source>The machine&apos;s verdict stays in the log; your decision is written beside it.</source>
        <translation>Le verdict de la machine reste dans le journal&#xa0;; votre décision est inscrite à côté.</translation>
    </message>
    <message>
        <source>What do you decide?</source>
        <translation>Que décidez-vous&#xa0;?</translation>
    </message>
    <message>
        <source>{} (as the machine says)</source>
        <translation>{} (comme la machine)</translation>
    </message>
    <message>
        <source>Decide: {}</source>
        <translation>Décider&#xa0;: {}</translation>
    </message>
    <message>
        <source>&amp;Why? Choose or type</source>
        <translation>&amp;Pourquoi&#xa0;? Choisir ou saisir</translation>
    </message>
    <message>
        <source>Reason of the override</source>
        <translation>Motif de la décision</translation>
    </message>
    <message>
        <source>The machine did NOT inspect this part: OK stands on your word alone.</source>
        <translation>La machine n’a PAS contrôlé cette pièce&#xa0;: le OK repose sur votre seule parole.</translation>
    </message>
    <message>
        <source>I have inspected this part myself</source>
        <translation>J’ai contrôlé cette pièce moi-même</translation>
    </message>
    <message>
        <source>Override (Enter)</source>
        <translation>Forcer (Entrée)</translation>
    </message>
    <message>
        <source>Write the decision down</source>
        <translation>Enregistrer la décision</translation>
    </message>
    <message>
        <source>Cancel (Esc)</source>
        <translation>Annuler (Échap)</translation>
    </message>
    <message>
        <source>Leave the verdict as it is</source>
        <translation>Laisser le verdict tel quel</translation>
    </message>
    <message>
        <source>Choose what you decide.</source>
        <translation>Choisissez ce que vous décidez.</translation>
    </message>
    <message>
        <source>Say why: choose a reason or type one.</source>
        <translation>Dites pourquoi&#xa0;: choisissez un motif ou saisissez-en un.</translation>
    </message>
</context>
<context>
    <name>PartHeading</name>
    <message>
        <source>Part {number} · {verdict}</source>
        <translation>Pièce {number} · {verdict}</translation>
    </message>
    <message>
        <source>parts to review</source>
        <translation>pièces à revoir</translation>
    </message>
    <message>
        <source>{time} at your pace</source>
        <translation>{time} à votre rythme</translation>
    </message>
</context>
<context>
    <name>PartStrip</name>
    <message>
        <source>Last parts</source>
        <translation>Dernières pièces</translation>
    </message>
    <message>
        <source>Arrow keys look back at earlier parts, Escape returns to live.</source>
        <translation>Les flèches remontent aux pièces précédentes, Échap revient au direct.</translation>
    </message>
    <message>
        <source>Part {number}: {verdict}</source>
        <translation>Pièce {number}&#xa0;: {verdict}</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>DIRECT</translation>
    </message>
</context>
<context>
    <name>PartView</name>
    <message>
        <source>Live picture</source>
        <translation>Image en direct</translation>
    </message>
    <message>
        <source>Looking back: part {}</source>
        <translation>Retour sur la pièce {}</translation>
    </message>
    <message>
        <source>Part {}</source>
        <translation>Pièce {}</translation>
    </message>
    <message>
        <source>Picture with heatmap</source>
        <translation>Image avec carte de chaleur</translation>
    </message>
    <message>
        <source>Good reference part beside the picture</source>
        <translation>Bonne pièce de référence à côté de l’image</translation>
    </message>
    <message>
        <source>Reference (O)</source>
        <translation>Référence (O)</translation>
    </message>
    <message>
        <source>Show a good part beside this one (O)</source>
        <translation>Montrer une bonne pièce à côté de celle-ci (O)</translation>
    </message>
    <message>
        <source>This picture</source>
        <translation>Cette image</translation>
    </message>
    <message>
        <source>Back to live (Esc)</source>
        <translation>Revenir au direct (Échap)</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>The recipe does not keep the picture of this OK part.</source>
        <translation>La recette ne conserve pas l’image de cette pièce OK.</translation>
    </message>
    <message>
        <source>The picture was deleted after the days set in the recipe.</source>
        <translation>L’image a été effacée après le délai fixé dans la recette.</translation>
    </message>
    <message>
        <source>No picture was kept of this part.</source>
        <translation>Aucune image n’a été gardée de cette pièce.</translation>
    </message>
</context>
<context>
    <name>PictureCanvas</name>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
</context>
<context>
    <name>PinPad</name>
    <message>
        <source>Digit {}</source>
        <translation>Chiffre {}</translation>
    </message>
    <message>
        <source>Clear the PIN</source>
        <translation>Effacer le code PIN</translation>
    </message>
    <message>
        <source>Remove the last digit</source>
        <translation>Supprimer le dernier chiffre</translation>
    </message>
</context>
<context>
    <name>ProductList</name>
    <message>
        <source>{}, with changes that are not saved</source>
        <translation>{}, avec des changements non enregistrés</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Produits</translation>
    </message>
    <message>
        <source>Change over (Enter)</source>
        <translation>Mettre en service (Entrée)</translation>
    </message>
    <message>
        <source>Inspect the chosen product from now on</source>
        <translation>Contrôler désormais le produit choisi</translation>
    </message>
    <message>
        <source>Co&amp;py to a new product</source>
        <translation>Co&amp;pier vers un nouveau produit</translation>
    </message>
    <message>
        <source>Name of the new product</source>
        <translation>Nom du nouveau produit</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Export the chosen product&apos;s recipe to a signed file</source>
        <translation>Exporter la recette du produit choisi dans un fichier signé</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importer…</translation>
    </message>
    <message>
        <source>Import a signed recipe file</source>
        <translation>Importer un fichier de recette signé</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the chosen product&apos;s recipe</source>
        <translation>Copier la recette du produit choisi</translation>
    </message>
    <message>
        <source>● {} – in use</source>
        <translation>● {} – en service</translation>
    </message>
</context>
<context>
    <name>QueueBar</name>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Chercher (Ctrl+F)</translation>
    </message>
    <message>
        <source>Search the parts to review</source>
        <translation>Chercher dans les pièces à revoir</translation>
    </message>
    <message>
        <source>Which parts to review</source>
        <translation>Pièces à revoir</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>Defect class</source>
        <translation>Classe de défaut</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Tout</translation>
    </message>
    <message>
        <source>Remove all filters</source>
        <translation>Retirer tous les filtres</translation>
    </message>
    <message>
        <source>Any verdict</source>
        <translation>Verdicts</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Dates</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Dernière heure</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>7 derniers jours</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>30 derniers jours</translation>
    </message>
    <message>
        <source>All that wait</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Given to me ({})</source>
        <translation>Pour moi ({})</translation>
    </message>
    <message>
        <source>Disagreements ({})</source>
        <translation>Désaccords ({})</translation>
    </message>
    <message>
        <source>All products</source>
        <translation>Produits</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>All defects</source>
        <translation>Défauts</translation>
    </message>
</context>
<context>
    <name>QueueSettingsDialog</name>
    <message>
        <source>Settings of the review queue</source>
        <translation>Réglages de la file de revue</translation>
    </message>
    <message>
        <source>OK parts asked about at random</source>
        <translation>Pièces OK tirées au sort pour la revue</translation>
    </message>
    <message>
        <source>Answers asked for once more, unannounced</source>
        <translation>Réponses redemandées sans l’annoncer</translation>
    </message>
    <message>
        <source>Cost of an escaped defect</source>
        <translation>Coût d’un défaut non détecté</translation>
    </message>
    <message>
        <source>Cost of a false alarm</source>
        <translation>Coût d’une fausse alarme</translation>
    </message>
    <message>
        <source>Cost of a wrong defect class</source>
        <translation>Coût d’une mauvaise classe de défaut</translation>
    </message>
    <message>
        <source>Random OK parts tell how many defects escape; repeated parts tell how sure the experts are. New shares hold for parts from now on.</source>
        <translation>Les pièces OK tirées au sort disent combien de défauts échappent&#xa0;; les pièces redemandées disent si les experts sont constants. Les nouvelles parts valent pour les pièces à venir.</translation>
    </message>
    <message>
        <source>Parts where a wrong answer of the machine is expected to cost most come first. Only the ratio of the costs counts.</source>
        <translation>Les pièces où une erreur de la machine risque de coûter le plus passent en premier. Seul le rapport entre les coûts compte.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>RangeBar</name>
    <message>
        <source>All products</source>
        <translation>Tous les produits</translation>
    </message>
    <message>
        <source>This shift</source>
        <translation>Cette équipe</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Dernière heure</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>7 derniers jours</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>30 derniers jours</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Du … au …</translation>
    </message>
    <message>
        <source>to</source>
        <translation>au</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>Begin of the time range</source>
        <translation>Début de la période</translation>
    </message>
    <message>
        <source>End of the time range</source>
        <translation>Fin de la période</translation>
    </message>
</context>
<context>
    <name>Reason</name>
    <message>
        <source>Score {score} is below the OK limit {ok}.</source>
        <translation>Score {score} sous la limite OK {ok}.</translation>
    </message>
    <message>
        <source>Score {score} is above the NG limit {ng}.</source>
        <translation>Score {score} au-dessus de la limite de rebut {ng}.</translation>
    </message>
    <message>
        <source>Uncertain: score {score} lies between the OK limit {ok} and the NG limit {ng}.</source>
        <translation>Incertain&#xa0;: le score {score} est entre la limite OK {ok} et la limite de rebut {ng}.</translation>
    </message>
    <message>
        <source>Score {score} is above the OK limit {ok}; the model knows too few parts to call it NG.</source>
        <translation>Le score {score} dépasse la limite OK {ok}&#xa0;; le modèle connaît trop peu de pièces pour en faire un rebut.</translation>
    </message>
    <message>
        <source>Looks unlike any part seen so far (score {score}, p = {p}).</source>
        <translation>Ne ressemble à aucune pièce connue (score {score}, p&#xa0;=&#xa0;{p}).</translation>
    </message>
    <message>
        <source>The score is below the OK limit.</source>
        <translation>Le score est sous la limite OK.</translation>
    </message>
    <message>
        <source>The score is above the NG limit.</source>
        <translation>Le score est au-dessus de la limite de rebut.</translation>
    </message>
    <message>
        <source>Uncertain: the score lies between the OK limit and the NG limit.</source>
        <translation>Incertain&#xa0;: le score est entre la limite OK et la limite de rebut.</translation>
    </message>
    <message>
        <source>Looks unlike any part seen so far.</source>
        <translation>Ne ressemble à aucune pièce connue.</translation>
    </message>
    <message>
        <source>The model knows too few parts to be sure at the rate asked for.</source>
        <translation>Le modèle connaît trop peu de pièces pour garantir le taux demandé.</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>Aucun modèle n’est chargé.</translation>
    </message>
    <message>
        <source>The inspection engine was not running.</source>
        <translation>Le moteur de contrôle ne tournait pas.</translation>
    </message>
    <message>
        <source>The inspection engine reported a fault.</source>
        <translation>Le moteur de contrôle a signalé une panne.</translation>
    </message>
    <message>
        <source>No answer before the deadline.</source>
        <translation>Pas de réponse dans le délai.</translation>
    </message>
    <message>
        <source>Parts came faster than they can be inspected.</source>
        <translation>Les pièces arrivent plus vite qu’elles ne peuvent être contrôlées.</translation>
    </message>
    <message>
        <source>The camera gave no picture.</source>
        <translation>La caméra n’a pas donné d’image.</translation>
    </message>
    <message>
        <source>The picture could not be used.</source>
        <translation>L’image était inutilisable.</translation>
    </message>
    <message>
        <source>The verdict could not be written down.</source>
        <translation>Le verdict n’a pas pu être enregistré.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Le disque est plein.</translation>
    </message>
    <message>
        <source>Another product was chosen while this part was under way.</source>
        <translation>Un autre produit a été choisi pendant le contrôle de cette pièce.</translation>
    </message>
    <message>
        <source>The station is not released: its golden samples must be checked first.</source>
        <translation>Le poste n’est pas libéré&#xa0;: il faut d’abord contrôler les pièces étalons.</translation>
    </message>
    <message>
        <source>The station stopped during this part.</source>
        <translation>Le poste s’est arrêté pendant cette pièce.</translation>
    </message>
</context>
<context>
    <name>ReasonTitle</name>
    <message>
        <source>Below OK limit</source>
        <translation>Sous la limite OK</translation>
    </message>
    <message>
        <source>Above NG limit</source>
        <translation>Au-dessus de la limite de rebut</translation>
    </message>
    <message>
        <source>Between limits</source>
        <translation>Entre les limites</translation>
    </message>
    <message>
        <source>Never seen</source>
        <translation>Jamais vu</translation>
    </message>
    <message>
        <source>Too few references</source>
        <translation>Trop peu de références</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>Pas de modèle</translation>
    </message>
    <message>
        <source>Engine not running</source>
        <translation>Moteur arrêté</translation>
    </message>
    <message>
        <source>Engine fault</source>
        <translation>Panne du moteur</translation>
    </message>
    <message>
        <source>Too late</source>
        <translation>Trop tard</translation>
    </message>
    <message>
        <source>Line too fast</source>
        <translation>Ligne trop rapide</translation>
    </message>
    <message>
        <source>Camera fault</source>
        <translation>Panne de caméra</translation>
    </message>
    <message>
        <source>Unusable picture</source>
        <translation>Image inutilisable</translation>
    </message>
    <message>
        <source>Not written down</source>
        <translation>Non enregistré</translation>
    </message>
    <message>
        <source>Disk full</source>
        <translation>Disque plein</translation>
    </message>
    <message>
        <source>Product changed</source>
        <translation>Produit changé</translation>
    </message>
    <message>
        <source>Not released</source>
        <translation>Poste non libéré</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Interrompu</translation>
    </message>
</context>
<context>
    <name>Recipe</name>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Limites</translation>
    </message>
    <message>
        <source>Trigger</source>
        <translation>Déclenchement</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>Intervalle</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Délai de réponse</translation>
    </message>
    <message>
        <source>Stop after NG parts</source>
        <translation>Arrêt après rebuts</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Defect names</source>
        <translation>Noms des défauts</translation>
    </message>
    <message>
        <source>Pictures kept</source>
        <translation>Images conservées</translation>
    </message>
    <message>
        <source>Area inspected</source>
        <translation>Zone contrôlée</translation>
    </message>
    <message>
        <source>Golden samples</source>
        <translation>Pièces étalons</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>At the interval</source>
        <translation>À intervalle fixe</translation>
    </message>
    <message>
        <source>By key or foot switch</source>
        <translation>Par touche ou pédale</translation>
    </message>
    <message>
        <source>Next picture after each answer</source>
        <translation>Image suivante après chaque réponse</translation>
    </message>
    <message>
        <source>Of all parts</source>
        <translation>Toutes les pièces</translation>
    </message>
    <message>
        <source>Of parts not OK and some OK</source>
        <translation>Non OK et quelques OK</translation>
    </message>
    <message>
        <source>Only of parts not OK</source>
        <translation>Non OK seulement</translation>
    </message>
    <message>
        <source>as set on the station</source>
        <translation>réglage du poste</translation>
    </message>
    <message>
        <source>{} ms</source>
        <translation>{} ms</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>sans limite</translation>
    </message>
    <message>
        <source>{} days</source>
        <translation>{} jours</translation>
    </message>
    <message>
        <source>those of the model</source>
        <translation>celles du modèle</translation>
    </message>
    <message>
        <source>OK up to {ok}, NG from {ng} (model {model})</source>
        <translation>OK jusqu’à {ok}, rebut dès {ng} (modèle {model})</translation>
    </message>
    <message>
        <source>Of parts that are not OK, and of one in {} OK parts</source>
        <translation>Non OK et une pièce OK sur {}</translation>
    </message>
    <message>
        <source>none of its own</source>
        <translation>aucun en propre</translation>
    </message>
    <message>
        <source>the whole picture</source>
        <translation>l’image entière</translation>
    </message>
    <message>
        <source>{width} × {height} of the picture, from {x} and {y}</source>
        <translation>{width} × {height} de l’image, depuis {x} et {y}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucune</translation>
    </message>
    <message>
        <source>; every {n} h</source>
        <translation>&#xa0;; toutes les {n} h</translation>
    </message>
    <message>
        <source>; at each shift&apos;s start</source>
        <translation>&#xa0;; à chaque début de poste</translation>
    </message>
    <message>
        <source>the active one</source>
        <translation>le modèle actif</translation>
    </message>
    <message>
        <source>Damaged in the database and therefore at its default: {}. Check it and save a revision.</source>
        <translation>Illisible dans la base, donc remis par défaut&#xa0;: {}. Vérifiez et enregistrez une révision.</translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <source>Camera and pace</source>
        <translation>Caméra et cadence</translation>
    </message>
    <message>
        <source>Model and limits</source>
        <translation>Modèle et limites</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Defect names</source>
        <translation>Noms des défauts</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Caméra</translation>
    </message>
    <message>
        <source>&amp;Trigger</source>
        <translation>Déclenchemen&amp;t</translation>
    </message>
    <message>
        <source>&amp;Interval</source>
        <translation>&amp;Intervalle</translation>
    </message>
    <message>
        <source>&amp;Deadline</source>
        <translation>&amp;Délai de réponse</translation>
    </message>
    <message>
        <source>Stop after &amp;NG in a row</source>
        <translation>Arrêt après &amp;n rebuts</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modèle</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Limites</translation>
    </message>
    <message>
        <source>&amp;Keep pictures</source>
        <translation>&amp;Garder les images</translation>
    </message>
    <message>
        <source>&amp;OK parts</source>
        <translation>Pièces &amp;OK</translation>
    </message>
    <message>
        <source>Delete &amp;after</source>
        <translation>&amp;Effacer après</translation>
    </message>
    <message>
        <source>For example opencv:0, rtsp://…, folder:/pictures, video:/film.mp4</source>
        <translation>Par exemple opencv:0, rtsp://…, folder:/images, video:/film.mp4</translation>
    </message>
    <message>
        <source>Pictures of parts that were answered or painted, or wait for review, stay.</source>
        <translation>Les images des pièces revues, annotées ou en attente de revue sont conservées.</translation>
    </message>
    <message>
        <source>one in {}</source>
        <translation>une sur {}</translation>
    </message>
    <message>
        <source>the active one</source>
        <translation>le modèle actif</translation>
    </message>
    <message>
        <source>{} (not on this station)</source>
        <translation>{} (absent de ce poste)</translation>
    </message>
</context>
<context>
    <name>RecipeTransfer</name>
    <message>
        <source>Exported to {path}, signed with the key {key} of this station.</source>
        <translation>Exportée vers {path}, signée avec la clé {key} de ce poste.</translation>
    </message>
    <message>
        <source>Imported, signed with the key {}</source>
        <translation>Importée, signée avec la clé {}</translation>
    </message>
    <message>
        <source>{product} is imported as revision {n}.</source>
        <translation>{product}&#xa0;: importé comme révision {n}.</translation>
    </message>
</context>
<context>
    <name>RecipesPage</name>
    <message>
        <source>{} is in use. It has no model yet: teach it on the Learning page.</source>
        <translation>{} est en service, mais sans modèle&#xa0;: apprenez-le sur la page Apprentissage.</translation>
    </message>
    <message>
        <source>Changing over to {} …</source>
        <translation>Changement de produit&#xa0;: {} …</translation>
    </message>
    <message>
        <source>Revision {} is saved.</source>
        <translation>Révision {} enregistrée.</translation>
    </message>
    <message>
        <source>Restored from revision {}</source>
        <translation>Rétablie d’après la révision {}</translation>
    </message>
    <message>
        <source>Revision {new} is as revision {old} was.</source>
        <translation>La révision {new} reprend la révision {old}.</translation>
    </message>
    <message>
        <source>Copied from {}</source>
        <translation>Copiée de {}</translation>
    </message>
    <message>
        <source>{} is set up. Teach it on the Learning page before you change over.</source>
        <translation>{} est créé. Apprenez-le sur la page Apprentissage avant de changer de produit.</translation>
    </message>
    <message>
        <source>Set-up</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Zone</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Révisions</translation>
    </message>
    <message>
        <source>&amp;Why</source>
        <translation>&amp;Pourquoi</translation>
    </message>
    <message>
        <source>Reason of the change</source>
        <translation>Motif du changement</translation>
    </message>
    <message>
        <source>Why it is changed; needed to save</source>
        <translation>Motif du changement&#xa0;; requis pour enregistrer</translation>
    </message>
    <message>
        <source>Save as revision (Ctrl+S)</source>
        <translation>Enregistrer la révision (Ctrl+S)</translation>
    </message>
    <message>
        <source>Save the changes as a new revision</source>
        <translation>Enregistrer les changements comme nouvelle révision</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Discard the changes</source>
        <translation>Abandonner les changements</translation>
    </message>
    <message>
        <source>Changed: {}</source>
        <translation>Modifié&#xa0;: {}</translation>
    </message>
    <message>
        <source>Nothing is changed.</source>
        <translation>Rien n’est modifié.</translation>
    </message>
    <message>
        <source>No product yet</source>
        <translation>Aucun produit</translation>
    </message>
    <message>
        <source>Teach a product on the Learning page; it appears here.</source>
        <translation>Apprenez un produit sur la page Apprentissage&#xa0;; il apparaîtra ici.</translation>
    </message>
    <message>
        <source>{product} · revision {n}</source>
        <translation>{product} · révision {n}</translation>
    </message>
    <message>
        <source>{product} is in use, ready after {seconds} s.</source>
        <translation>{product} est en service, prêt après {seconds} s.</translation>
    </message>
</context>
<context>
    <name>ReferencePane</name>
    <message>
        <source>Picture of a good reference part</source>
        <translation>Image d’une bonne pièce de référence</translation>
    </message>
    <message>
        <source>Good part {number}, {time}</source>
        <translation>Bonne pièce {number}, {time}</translation>
    </message>
    <message>
        <source>Good reference</source>
        <translation>Référence bonne</translation>
    </message>
    <message>
        <source>Looking for a good part …</source>
        <translation>Recherche d’une bonne pièce…</translation>
    </message>
    <message>
        <source>No reference yet: an expert has to call a part of this product good.</source>
        <translation>Pas encore de référence&#xa0;: un expert doit déclarer bonne une pièce de ce produit.</translation>
    </message>
</context>
<context>
    <name>ReleaseDialog</name>
    <message>
        <source>Release without a check</source>
        <translation>Libérer sans contrôle</translation>
    </message>
    <message>
        <source>The station inspects again until the next check is due. Your name and the reason are written into the audit log and the shift report.</source>
        <translation>Le poste contrôle de nouveau jusqu’au prochain contrôle d’étalons. Votre nom et le motif sont inscrits au journal d’audit et au rapport d’équipe.</translation>
    </message>
    <message>
        <source>&amp;Reason</source>
        <translation>&amp;Motif</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Libérer</translation>
    </message>
    <message>
        <source>Release the station</source>
        <translation>Libérer le poste</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>ReplayCard</name>
    <message>
        <source>What would this time have looked like?</source>
        <translation>Et avec ces limites&#xa0;?</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>Last shift</source>
        <translation>Dernière équipe</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Dernières 24 heures</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>7 derniers jours</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>30 derniers jours</translation>
    </message>
    <message>
        <source>was</source>
        <translation>était</translation>
    </message>
    <message>
        <source>would be</source>
        <translation>serait</translation>
    </message>
    <message>
        <source>change</source>
        <translation>écart</translation>
    </message>
    <message>
        <source>{}: list these parts</source>
        <translation>{} : afficher ces pièces</translation>
    </message>
    <message>
        <source>No part of this model in this time range.</source>
        <translation>Aucune pièce de ce modèle sur cette période.</translation>
    </message>
    <message>
        <source>{changed} of {parts} parts would get another verdict.</source>
        <translation>{changed} pièces sur {parts} auraient un autre verdict.</translation>
    </message>
    <message>
        <source>Not inspected, as before: {}.</source>
        <translation>Non contrôlées, comme avant : {}.</translation>
    </message>
    <message>
        <source>Those that look unlike anything seen would go to review instead.</source>
        <translation>Celles qui ne ressemblent à rien de connu iraient plutôt en revue.</translation>
    </message>
    <message>
        <source>List these parts in History</source>
        <translation>Afficher ces pièces dans l’historique</translation>
    </message>
</context>
<context>
    <name>ResultCard</name>
    <message>
        <source>The new model of “{}” is ready</source>
        <translation>Le nouveau modèle de «&#xa0;{}&#xa0;» est prêt</translation>
    </message>
    <message>
        <source>“{}” has been taught</source>
        <translation>«&#xa0;{}&#xa0;» est appris</translation>
    </message>
    <message>
        <source>Activate the new model</source>
        <translation>Activer le nouveau modèle</translation>
    </message>
    <message>
        <source>Keep the model in use</source>
        <translation>Garder le modèle en service</translation>
    </message>
    <message>
        <source>Inspect this product now</source>
        <translation>Contrôler ce produit maintenant</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Plus tard</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
</context>
<context>
    <name>RetrainCard</name>
    <message>
        <source>Retrain “{}”</source>
        <translation>Réapprendre «&#xa0;{}&#xa0;»</translation>
    </message>
    <message>
        <source>Retrain</source>
        <translation>Réapprendre</translation>
    </message>
    <message>
        <source>Reviewed parts since the model in use was taught. Three in ten are held out: both models are compared on them before you choose.</source>
        <translation>Pièces revues depuis l’apprentissage du modèle en service. Trois sur dix sont réservées&#xa0;: les deux modèles y sont comparés avant votre choix.</translation>
    </message>
    <message>
        <source>No answers since the model in use was taught. Answer some parts on the Review page (Ctrl+3).</source>
        <translation>Aucune réponse depuis l’apprentissage du modèle en service. Répondez à quelques pièces dans la page Revue (Ctrl+3).</translation>
    </message>
    <message>
        <source>good</source>
        <translation>bonnes</translation>
    </message>
    <message>
        <source>defective</source>
        <translation>défectueuses</translation>
    </message>
    <message>
        <source>can&apos;t tell</source>
        <translation>indécidables</translation>
    </message>
    <message>
        <source>Basic weights: those of the program</source>
        <translation>Poids de base : ceux du programme</translation>
    </message>
    <message>
        <source>File …</source>
        <translation>Fichier…</translation>
    </message>
    <message>
        <source>Choose a file with basic weights</source>
        <translation>Choisir un fichier de poids de base</translation>
    </message>
    <message>
        <source>Basic weights: {}</source>
        <translation>Poids de base : {}</translation>
    </message>
    <message>
        <source>Use the program&apos;s</source>
        <translation>Ceux du programme</translation>
    </message>
    <message>
        <source>Use the program&apos;s weights</source>
        <translation>Utiliser les poids du programme</translation>
    </message>
    <message>
        <source>Retrain with the reviewed parts</source>
        <translation>Réapprendre avec les pièces revues</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>about {} min</source>
        <translation>environ {} min</translation>
    </message>
    <message>
        <source>about {} h</source>
        <translation>environ {} h</translation>
    </message>
    <message>
        <source>OK parts checked at random, 30 days: none yet</source>
        <translation>Pièces OK tirées au sort, 30 jours&#xa0;: aucune revue</translation>
    </message>
    <message>
        <source>OK parts checked at random, 30 days: {n} of {all} defective, {rate} ({low} to {high})</source>
        <translation>Pièces OK tirées au sort, 30 jours&#xa0;: {n} sur {all} défectueuses, {rate} (de {low} à {high})</translation>
    </message>
    <message>
        <source>Your answers, given twice: {}</source>
        <translation>Vos réponses données deux fois&#xa0;: {}</translation>
    </message>
    <message>
        <source>{n} of {all} the same</source>
        <translation>{n} sur {all} identiques</translation>
    </message>
</context>
<context>
    <name>ReviewHint</name>
    <message>
        <source>Arrows move · Space paints · [ ] size · + − zoom, middle button pans · T next region · Backspace drops a corner · H bare picture</source>
        <translation>Flèches déplacer · Espace peindre · [ ] taille · + − zoom, bouton central vue · T zone suivante · Ret. arr. ôter un sommet · H image nue</translation>
    </message>
    <message>
        <source>G good · 1–9 defect · N new class · C can&apos;t tell · A ask · S skip · U undo · E explain · B paint · H bare picture</source>
        <translation>G bonne · 1–9 défaut · N nouvelle classe · C indécidable · A demander · S passer · U annuler · E expliquer · B peindre · H image nue</translation>
    </message>
</context>
<context>
    <name>ReviewNote</name>
    <message>
        <source>The experts disagree. {answers}. Your answer decides.</source>
        <translation>Les experts sont en désaccord. {answers}. Votre réponse tranche.</translation>
    </message>
    <message>
        <source>{} asks for your answer.</source>
        <translation>{} demande votre avis.</translation>
    </message>
    <message>
        <source>Waits for the answer of {}.</source>
        <translation>En attente de la réponse de {}.</translation>
    </message>
    <message>
        <source>Answered together with {}</source>
        <translation>Réponse donnée ensemble avec {}</translation>
    </message>
    <message>
        <source>{who}: {answer}</source>
        <translation>{who}&#xa0;: {answer}</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>Picture of the part to review</source>
        <translation>Image de la pièce à revoir</translation>
    </message>
    <message>
        <source>Nothing to review</source>
        <translation>Rien à revoir</translation>
    </message>
    <message>
        <source>Parts that the station is not sure of appear here by themselves. When there are enough answers, retrain on the Learning page.</source>
        <translation>Les pièces dont le poste doute arrivent ici d’elles-mêmes. Quand il y a assez de réponses, relancez un apprentissage dans la page Apprentissage.</translation>
    </message>
    <message>
        <source>No part that waits matches these filters</source>
        <translation>Aucune pièce en attente ne correspond à ces filtres</translation>
    </message>
    <message>
        <source>“Show all” removes the filters.</source>
        <translation>«&#xa0;Tout&#xa0;» retire les filtres.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Chercher encore</translation>
    </message>
    <message>
        <source>Look for parts to review again</source>
        <translation>Chercher encore des pièces à revoir</translation>
    </message>
    <message>
        <source>Part {} skipped; it comes back at the end.</source>
        <translation>Pièce {} passée&#xa0;; elle reviendra à la fin.</translation>
    </message>
    <message>
        <source>Answer for part {} taken back.</source>
        <translation>Réponse pour la pièce {} reprise.</translation>
    </message>
    <message>
        <source>Part {number}: {answer}</source>
        <translation>Pièce {number}&#xa0;: {answer}</translation>
    </message>
</context>
<context>
    <name>RevisionPanel</name>
    <message>
        <source>Revisions</source>
        <translation>Révisions</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Révision</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quand</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Qui</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message>
        <source>&amp;Compared with</source>
        <translation>&amp;Comparée à</translation>
    </message>
    <message>
        <source>Revision to compare with</source>
        <translation>Révision à comparer</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Différences</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Changement</translation>
    </message>
    <message>
        <source>Old</source>
        <translation>Ancien</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nouveau</translation>
    </message>
    <message>
        <source>Restore this revision</source>
        <translation>Rétablir cette révision</translation>
    </message>
    <message>
        <source>Make the chosen revision the newest one again</source>
        <translation>Faire de la révision choisie la plus récente</translation>
    </message>
    <message>
        <source>revision {}</source>
        <translation>révision {}</translation>
    </message>
    <message>
        <source>There is only this revision.</source>
        <translation>Il n’y a que cette révision.</translation>
    </message>
    <message>
        <source>Both inspect in the same way.</source>
        <translation>Les deux contrôlent de la même façon.</translation>
    </message>
</context>
<context>
    <name>RoiPanel</name>
    <message>
        <source>Area that is inspected, drawn on the picture</source>
        <translation>Zone contrôlée, dessinée sur l’image</translation>
    </message>
    <message>
        <source>Draw with the mouse. Arrows move the area, Shift and arrows resize it, Delete takes the whole picture.</source>
        <translation>Dessinez à la souris. Flèches&#xa0;: déplacer&#xa0;; Maj + flèches&#xa0;: agrandir ou réduire&#xa0;; Suppr&#xa0;: image entière.</translation>
    </message>
    <message>
        <source>Newest picture</source>
        <translation>Dernière image</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Image entière</translation>
    </message>
    <message>
        <source>Drawn: {drawn}. The model in use was taught on: {taught}. Save, then teach again or retrain: the new model looks at the drawn area.</source>
        <translation>Dessinée&#xa0;: {drawn}. Le modèle en service a appris sur&#xa0;: {taught}. Enregistrez, puis refaites l’apprentissage&#xa0;: le nouveau modèle regardera la zone dessinée.</translation>
    </message>
    <message>
        <source>Inspected: {}.</source>
        <translation>Contrôlée&#xa0;: {}.</translation>
    </message>
</context>
<context>
    <name>Role</name>
    <message>
        <source>Operator</source>
        <translation>Opérateur</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Expert</translation>
    </message>
    <message>
        <source>Maintainer</source>
        <translation>Responsable de maintenance</translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation>Administrateur</translation>
    </message>
    <message>
        <source>Starts and pauses inspection, looks at all records.</source>
        <translation>Lance et suspend le contrôle, consulte tous les enregistrements.</translation>
    </message>
    <message>
        <source>Also answers uncertain parts, overrides verdicts and exports.</source>
        <translation>Répond aussi aux pièces incertaines, force les verdicts et exporte.</translation>
    </message>
    <message>
        <source>Also teaches, activates and rolls back models, changes products and settings.</source>
        <translation>En plus, fait apprendre, active et rétablit les modèles, change les produits et les réglages.</translation>
    </message>
    <message>
        <source>Also manages users and backups.</source>
        <translation>En plus, gère les utilisateurs et les sauvegardes.</translation>
    </message>
    <message>
        <source>To do this, log in (Ctrl+L).</source>
        <translation>Pour cela, connectez-vous (Ctrl+L).</translation>
    </message>
    <message>
        <source>To do this, log in as an expert (Ctrl+L).</source>
        <translation>Pour cela, connectez-vous en tant qu’expert (Ctrl+L).</translation>
    </message>
    <message>
        <source>To do this, log in as a maintainer (Ctrl+L).</source>
        <translation>Pour cela, connectez-vous en tant que responsable de maintenance (Ctrl+L).</translation>
    </message>
    <message>
        <source>To do this, log in as an administrator (Ctrl+L).</source>
        <translation>Pour cela, connectez-vous en tant qu’administrateur (Ctrl+L).</translation>
    </message>
    <message>
        <source>Next try in {} s.</source>
        <translation>Prochain essai dans {}&#xa0;s.</translation>
    </message>
    <message>
        <source>Next try in {} min.</source>
        <translation>Prochain essai dans {}&#xa0;min.</translation>
    </message>
</context>
<context>
    <name>ScoresCard</name>
    <message>
        <source>OK limit</source>
        <translation>Limite OK</translation>
    </message>
    <message>
        <source>NG limit</source>
        <translation>Limite de rebut</translation>
    </message>
    <message>
        <source>Logarithmic counts</source>
        <translation>Échelle log.</translation>
    </message>
    <message>
        <source>good</source>
        <translation>bonnes</translation>
    </message>
    <message>
        <source>defective</source>
        <translation>défectueuses</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modèle</translation>
    </message>
    <message>
        <source>recipe</source>
        <translation>recette</translation>
    </message>
    <message>
        <source>Dotted: the model&apos;s own limits. Dashes and dots: the limits of the recipe.</source>
        <translation>Pointillé : limites du modèle. Tirets et points : limites de la recette.</translation>
    </message>
    <message>
        <source>No reviewed parts</source>
        <translation>Aucune pièce revue</translation>
    </message>
    <message>
        <source>None of the parts that this model judged has been called good or defective by an expert. Answer some on the Review page; the histogram grows with every answer.</source>
        <translation>Aucune des pièces jugées par ce modèle n’a encore été dite bonne ou défectueuse par un expert. Répondez pour quelques-unes sur la page Revue ; l’histogramme grandit à chaque réponse.</translation>
    </message>
    <message>
        <source>Go to Review</source>
        <translation>Aller à la revue</translation>
    </message>
    <message>
        <source>Show the Review page</source>
        <translation>Afficher la page Revue</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Score (beyond the edge, in the last bar: {})</source>
        <translation>Score (au-delà du bord, dans la dernière barre : {})</translation>
    </message>
    <message>
        <source>Reviewed parts</source>
        <translation>Pièces revues</translation>
    </message>
</context>
<context>
    <name>ShiftReport</name>
    <message>
        <source>Shift report</source>
        <translation>Rapport d’équipe</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personnes</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>Poste</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>First-pass yield</source>
        <translation>Rendement 1er passage</translation>
    </message>
    <message>
        <source>95 % interval of the yield: {low} – {high}</source>
        <translation>intervalle à 95&#xa0;% du rendement&#xa0;: {low} – {high}</translation>
    </message>
    <message>
        <source>Defects (Pareto)</source>
        <translation>Défauts (Pareto)</translation>
    </message>
    <message>
        <source>No defects.</source>
        <translation>Aucun défaut.</translation>
    </message>
    <message>
        <source>All parts were inspected.</source>
        <translation>Toutes les pièces ont été contrôlées.</translation>
    </message>
    <message>
        <source>Experts&apos; answers</source>
        <translation>Réponses des experts</translation>
    </message>
    <message>
        <source>Escapes</source>
        <translation>Défauts échappés</translation>
    </message>
    <message>
        <source>False alarms</source>
        <translation>Fausses alarmes</translation>
    </message>
    <message>
        <source>Parts per hour, by verdict</source>
        <translation>Pièces par heure, par verdict</translation>
    </message>
    <message>
        <source>Alarms: the station did not inspect</source>
        <translation>Alarmes&#xa0;: le poste ne contrôlait pas</translation>
    </message>
    <message>
        <source>No alarms.</source>
        <translation>Aucune alarme.</translation>
    </message>
    <message>
        <source>Golden-sample checks</source>
        <translation>Contrôles des pièces étalons</translation>
    </message>
    <message>
        <source>No check was made.</source>
        <translation>Aucun contrôle n’a été fait.</translation>
    </message>
    <message>
        <source>Models in use</source>
        <translation>Modèles utilisés</translation>
    </message>
    <message>
        <source>No part was judged.</source>
        <translation>Aucune pièce n’a été jugée.</translation>
    </message>
    <message>
        <source>Shift lead, date, signature</source>
        <translation>Chef d’équipe, date, signature</translation>
    </message>
    <message>
        <source>Quality, date, signature</source>
        <translation>Qualité, date, signature</translation>
    </message>
    <message>
        <source>{day}, {start} – {end}</source>
        <translation>{day}, {start} – {end}</translation>
    </message>
    <message>
        <source>made on {}</source>
        <translation>établi le {}</translation>
    </message>
    <message>
        <source>the shift goes on: as of {}</source>
        <translation>équipe en cours&#xa0;: état au {}</translation>
    </message>
    <message>
        <source>nobody was logged in</source>
        <translation>personne n’était connecté</translation>
    </message>
    <message>
        <source>no part</source>
        <translation>aucune pièce</translation>
    </message>
    <message>
        <source>nothing reviewed</source>
        <translation>rien de revu</translation>
    </message>
    <message>
        <source>{n} of {of} reviewed ({share})</source>
        <translation>{n} sur {of} revues ({share})</translation>
    </message>
    <message>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <source>{m} min {s:02d} s</source>
        <translation>{m} min {s:02d} s</translation>
    </message>
    <message>
        <source>{h} h {m:02d} min</source>
        <translation>{h} h {m:02d} min</translation>
    </message>
    <message>
        <source>not cleared</source>
        <translation>non levée</translation>
    </message>
    <message>
        <source>{result}: {more}</source>
        <translation>{result}&#xa0;: {more}</translation>
    </message>
    <message>
        <source>and {} more, all in the CSV file</source>
        <translation>et {} de plus, toutes dans le fichier CSV</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>Autres</translation>
    </message>
</context>
<context>
    <name>ShiftReportDialog</name>
    <message>
        <source>{start} – {end}</source>
        <translation>{start} – {end}</translation>
    </message>
    <message>
        <source>This shift has not begun yet.</source>
        <translation>Cette équipe n’a pas encore commencé.</translation>
    </message>
    <message>
        <source>Gathering the figures …</source>
        <translation>Collecte des chiffres…</translation>
    </message>
    <message>
        <source>Saved: {}</source>
        <translation>Enregistré&#xa0;: {}</translation>
    </message>
    <message>
        <source>The report was not saved: {}</source>
        <translation>Le rapport n’a pas été enregistré&#xa0;: {}</translation>
    </message>
    <message>
        <source>Shift report</source>
        <translation>Rapport d’équipe</translation>
    </message>
    <message>
        <source>This shift</source>
        <translation>Équipe en cours</translation>
    </message>
    <message>
        <source>Last shift</source>
        <translation>Équipe précédente</translation>
    </message>
    <message>
        <source>Another shift</source>
        <translation>Autre équipe</translation>
    </message>
    <message>
        <source>Which shift</source>
        <translation>Quelle équipe</translation>
    </message>
    <message>
        <source>Day on which the shift began</source>
        <translation>Jour où l’équipe a commencé</translation>
    </message>
    <message>
        <source>Shift of that day</source>
        <translation>Équipe de ce jour</translation>
    </message>
    <message>
        <source>Preview of the page</source>
        <translation>Aperçu de la page</translation>
    </message>
    <message>
        <source>Save PDF …</source>
        <translation>Enregistrer en PDF…</translation>
    </message>
    <message>
        <source>Save the report as PDF</source>
        <translation>Enregistrer le rapport en PDF</translation>
    </message>
    <message>
        <source>Save CSV …</source>
        <translation>Enregistrer en CSV…</translation>
    </message>
    <message>
        <source>Save the report as CSV</source>
        <translation>Enregistrer le rapport en CSV</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Fermer (Échap)</translation>
    </message>
    <message>
        <source>Close the report</source>
        <translation>Fermer le rapport</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Bare picture while held</source>
        <translation>Image nue tant que la touche est maintenue</translation>
    </message>
    <message>
        <source>Look back at earlier parts</source>
        <translation>Remonter aux pièces précédentes</translation>
    </message>
    <message>
        <source>Back to live</source>
        <translation>Revenir au direct</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Échap</translation>
    </message>
    <message>
        <source>Zoom the picture, whole picture</source>
        <translation>Agrandir l’image, image entière</translation>
    </message>
    <message>
        <source>Foot switch: inspect one part, start or pause</source>
        <translation>Pédale&#xa0;: contrôler une pièce, démarrer ou pause</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Drawing the demo parts</source>
        <translation>Dessin des pièces de démonstration</translation>
    </message>
    <message>
        <source>Taking pictures</source>
        <translation>Prise d’images</translation>
    </message>
    <message>
        <source>Reading the pictures</source>
        <translation>Lecture des images</translation>
    </message>
    <message>
        <source>Looking at the good parts</source>
        <translation>Étude des bonnes pièces</translation>
    </message>
    <message>
        <source>Choosing what to remember</source>
        <translation>Choix de ce qu’il faut retenir</translation>
    </message>
    <message>
        <source>Setting the limits</source>
        <translation>Réglage des limites</translation>
    </message>
    <message>
        <source>Writing the model</source>
        <translation>Écriture du modèle</translation>
    </message>
    <message>
        <source>Testing on held-out parts</source>
        <translation>Essai sur les pièces réservées</translation>
    </message>
    <message>
        <source>Comparing old and new</source>
        <translation>Comparaison de l’ancien et du nouveau</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Chargement du modèle</translation>
    </message>
    <message>
        <source>Copying the database</source>
        <translation>Copie de la base</translation>
    </message>
    <message>
        <source>Copying the files</source>
        <translation>Copie des fichiers</translation>
    </message>
    <message>
        <source>Checking what was written</source>
        <translation>Vérification de ce qui est écrit</translation>
    </message>
    <message>
        <source>Restoring the files</source>
        <translation>Restauration des fichiers</translation>
    </message>
    <message>
        <source>Checking the model</source>
        <translation>Vérification du modèle</translation>
    </message>
    <message>
        <source>Copying the model</source>
        <translation>Copie du modèle</translation>
    </message>
    <message>
        <source>Writing the parts</source>
        <translation>Écriture des pièces</translation>
    </message>
    <message>
        <source>Gathering facts</source>
        <translation>Collecte des données</translation>
    </message>
    <message>
        <source>Checking every row</source>
        <translation>Vérification de chaque ligne</translation>
    </message>
    <message>
        <source>about {} s left</source>
        <translation>encore {} s environ</translation>
    </message>
    <message>
        <source>about {} min left</source>
        <translation>encore {} min environ</translation>
    </message>
</context>
<context>
    <name>State</name>
    <message>
        <source>STOPPED</source>
        <translation>ARRÊT</translation>
    </message>
    <message>
        <source>STARTING</source>
        <translation>DÉMARRAGE</translation>
    </message>
    <message>
        <source>READY</source>
        <translation>PRÊT</translation>
    </message>
    <message>
        <source>PAUSED</source>
        <translation>EN PAUSE</translation>
    </message>
    <message>
        <source>NOT INSPECTING</source>
        <translation>CONTRÔLE ARRÊTÉ</translation>
    </message>
    <message>
        <source>LEARNING</source>
        <translation>APPRENTISSAGE</translation>
    </message>
    <message>
        <source>FINISHED</source>
        <translation>TERMINÉ</translation>
    </message>
    <message>
        <source>{} NG parts in a row.</source>
        <translation>{} rebuts de suite.</translation>
    </message>
    <message>
        <source>Connecting to the camera.</source>
        <translation>Connexion à la caméra.</translation>
    </message>
    <message>
        <source>The inspection engine is starting.</source>
        <translation>Le moteur de contrôle démarre.</translation>
    </message>
    <message>
        <source>The model is being loaded.</source>
        <translation>Le modèle est en cours de chargement.</translation>
    </message>
    <message>
        <source>The camera gives no pictures.</source>
        <translation>La caméra ne donne pas d’image.</translation>
    </message>
    <message>
        <source>The inspection engine is restarting.</source>
        <translation>Le moteur de contrôle redémarre.</translation>
    </message>
    <message>
        <source>The inspection engine cannot run.</source>
        <translation>Le moteur de contrôle ne peut pas tourner.</translation>
    </message>
    <message>
        <source>The inspection engine is not running.</source>
        <translation>Le moteur de contrôle ne tourne pas.</translation>
    </message>
    <message>
        <source>This product has not been taught yet.</source>
        <translation>Ce produit n’a pas encore été appris.</translation>
    </message>
    <message>
        <source>Verdicts cannot be written down.</source>
        <translation>Les verdicts ne peuvent pas être enregistrés.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Le disque est plein.</translation>
    </message>
    <message>
        <source>The golden-sample check has failed.</source>
        <translation>Le contrôle des pièces étalons a échoué.</translation>
    </message>
    <message>
        <source>The golden-sample check is overdue.</source>
        <translation>Le contrôle des pièces étalons est en retard.</translation>
    </message>
    <message>
        <source>Golden samples are being checked.</source>
        <translation>Contrôle des pièces étalons en cours.</translation>
    </message>
    <message>
        <source>Paused by the operator.</source>
        <translation>Mis en pause par l’opérateur.</translation>
    </message>
    <message>
        <source>Too many NG parts in a row.</source>
        <translation>Trop de rebuts à la suite.</translation>
    </message>
    <message>
        <source>All pictures have been inspected.</source>
        <translation>Toutes les images ont été contrôlées.</translation>
    </message>
    <message>
        <source>The number of parts asked for is reached.</source>
        <translation>Le nombre de pièces demandé est atteint.</translation>
    </message>
    <message>
        <source>The station was stopped.</source>
        <translation>Le poste a été arrêté.</translation>
    </message>
    <message>
        <source>Stop the line. Check the camera&apos;s cable and power; it reconnects by itself.</source>
        <translation>Arrêtez la ligne. Vérifiez le câble et l’alimentation de la caméra&#xa0;; elle se reconnecte seule.</translation>
    </message>
    <message>
        <source>Stop the line. It comes back by itself in a few seconds.</source>
        <translation>Arrêtez la ligne. Il revient de lui-même en quelques secondes.</translation>
    </message>
    <message>
        <source>Stop the line and call the maintainer: Learning, activate another version.</source>
        <translation>Arrêtez la ligne et appelez la maintenance&#xa0;: Apprentissage, activer une autre version.</translation>
    </message>
    <message>
        <source>Stop the line and start the program again.</source>
        <translation>Arrêtez la ligne et relancez le programme.</translation>
    </message>
    <message>
        <source>Open Learning and teach it from good parts.</source>
        <translation>Ouvrez Apprentissage et faites-le apprendre avec de bonnes pièces.</translation>
    </message>
    <message>
        <source>Stop the line and call the maintainer: the database does not accept verdicts.</source>
        <translation>Arrêtez la ligne et appelez la maintenance&#xa0;: la base de données n’accepte plus les verdicts.</translation>
    </message>
    <message>
        <source>Stop the line and call the maintainer: make room on the disk.</source>
        <translation>Arrêtez la ligne et appelez la maintenance&#xa0;: il faut faire de la place sur le disque.</translation>
    </message>
    <message>
        <source>Stop the line. Look at camera, light and lens, then check the samples again (F6).</source>
        <translation>Arrêtez la ligne. Vérifiez caméra, éclairage et objectif, puis recontrôlez les étalons (F6).</translation>
    </message>
    <message>
        <source>Lay the golden samples in one after another: F6 or Station, Check.</source>
        <translation>Posez les pièces étalons l’une après l’autre&#xa0;: F6 ou Poste, Contrôler.</translation>
    </message>
    <message>
        <source>Production goes on when it is finished.</source>
        <translation>La production reprendra ensuite.</translation>
    </message>
    <message>
        <source>Press Start to go on.</source>
        <translation>Appuyez sur Démarrer pour continuer.</translation>
    </message>
    <message>
        <source>Check the machine before the camera, then press Start.</source>
        <translation>Vérifiez la machine en amont de la caméra, puis appuyez sur Démarrer.</translation>
    </message>
</context>
<context>
    <name>StationWindow</name>
    <message>
        <source>The review queue follows the new settings.</source>
        <translation>La file de revue suit les nouveaux réglages.</translation>
    </message>
</context>
<context>
    <name>StatisticsPage</name>
    <message>
        <source>Plots</source>
        <translation>Graphiques</translation>
    </message>
    <message>
        <source>Tab: next plot · ← → point · ↑ ↓ series · Enter or click: its parts in History</source>
        <translation>Tab&#xa0;: graphique suivant · ← → point · ↑ ↓ série · Entrée ou clic&#xa0;: ses pièces dans l’historique</translation>
    </message>
    <message>
        <source>The figures could not be read: {}</source>
        <translation>Les chiffres n’ont pas pu être lus&#xa0;: {}</translation>
    </message>
    <message>
        <source>Reading …</source>
        <translation>Lecture…</translation>
    </message>
    <message>
        <source>No parts in this range</source>
        <translation>Aucune pièce dans cette période</translation>
    </message>
</context>
<context>
    <name>TeachCard</name>
    <message>
        <source>Teach a new product</source>
        <translation>Apprendre un nouveau produit</translation>
    </message>
    <message>
        <source>Pictures of good parts are enough, at least ten. Choose a folder or drop it here, or show good parts to the camera.</source>
        <translation>Des images de bonnes pièces suffisent, dix au moins. Choisissez un dossier ou déposez-le ici, ou montrez de bonnes pièces à la caméra.</translation>
    </message>
    <message>
        <source>Name of the product</source>
        <translation>Nom du produit</translation>
    </message>
    <message>
        <source>as the folder</source>
        <translation>comme le dossier</translation>
    </message>
    <message>
        <source>Name of the product to teach</source>
        <translation>Nom du produit à apprendre</translation>
    </message>
    <message>
        <source>Pictures to take</source>
        <translation>Images à prendre</translation>
    </message>
    <message>
        <source>Number of pictures to take from the camera</source>
        <translation>Nombre d’images à prendre avec la caméra</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>Dossier…</translation>
    </message>
    <message>
        <source>Teach from a folder</source>
        <translation>Apprendre depuis un dossier</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Caméra</translation>
    </message>
    <message>
        <source>Teach from the camera</source>
        <translation>Apprendre depuis la caméra</translation>
    </message>
</context>
<context>
    <name>TeachingPanel</name>
    <message>
        <source>Learning</source>
        <translation>Apprentissage</translation>
    </message>
    <message>
        <source>Parts are not inspected until this is done.</source>
        <translation>Les pièces ne sont pas contrôlées tant que ce n’est pas fini.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Avancement</translation>
    </message>
    <message>
        <source>Preparing …</source>
        <translation>Préparation…</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} sur {total}</translation>
    </message>
</context>
<context>
    <name>Thresholds</name>
    <message>
        <source>Counted on the reviewed parts of this model, which are no random sample.</source>
        <translation>Compté sur les pièces revues de ce modèle, qui ne sont pas tirées au hasard.</translation>
    </message>
    <message>
        <source>Escape rate</source>
        <translation>Taux de non-détection</translation>
    </message>
    <message>
        <source>no defective part reviewed</source>
        <translation>aucune pièce défectueuse revue</translation>
    </message>
    <message>
        <source>Defective parts that would be called OK. </source>
        <translation>Pièces défectueuses qui seraient jugées OK. </translation>
    </message>
    <message>
        <source>Overkill rate</source>
        <translation>Taux de faux rebuts</translation>
    </message>
    <message>
        <source>no good part reviewed</source>
        <translation>aucune bonne pièce revue</translation>
    </message>
    <message>
        <source>Good parts that would be called NG. </source>
        <translation>Bonnes pièces qui seraient mises au rebut. </translation>
    </message>
    <message>
        <source>{k} of {n} · 95 %: {low} – {high}</source>
        <translation>{k} sur {n} · 95 % : {low} – {high}</translation>
    </message>
    <message>
        <source>Of the reviewed parts alone: {k} of {n}.</source>
        <translation>Sur les seules pièces revues : {k} sur {n}.</translation>
    </message>
    <message>
        <source>All parts of the time range on the right that would go to review. </source>
        <translation>Toutes les pièces de la période choisie à droite qui iraient en revue. </translation>
    </message>
    <message>
        <source>Review load</source>
        <translation>Charge de revue</translation>
    </message>
    <message>
        <source>reading …</source>
        <translation>lecture…</translation>
    </message>
    <message>
        <source>no parts in this time range</source>
        <translation>aucune pièce sur cette période</translation>
    </message>
    <message>
        <source>Reviewed parts</source>
        <translation>Pièces revues</translation>
    </message>
    <message>
        <source>{good} good · {bad} defective</source>
        <translation>{good} bonnes · {bad} défectueuses</translation>
    </message>
    <message>
        <source>Parts of this model with an expert&apos;s answer. The machine had said: {}.</source>
        <translation>Pièces de ce modèle avec la réponse d’un expert. La machine avait dit : {}.</translation>
    </message>
    <message>
        <source>No defective part of this model has been reviewed: nothing is known about escapes.</source>
        <translation>Aucune pièce défectueuse de ce modèle n’a été revue : on ne sait rien de la non-détection.</translation>
    </message>
    <message>
        <source>{k} of {n} reviewed defective parts would be called OK.</source>
        <translation>{k} pièces défectueuses revues sur {n} seraient jugées OK.</translation>
    </message>
    <message>
        <source>None of {n} reviewed defective parts would be called OK: that supports an escape rate of at most {rate} (95 % sure).</source>
        <translation>Aucune des {n} pièces défectueuses revues ne serait jugée OK : cela garantit au plus {rate} de non-détection (sûr à 95 %).</translation>
    </message>
    <message>
        <source>For {rate} it takes {n} defects.</source>
        <translation>Pour {rate}, il faut {n} défauts.</translation>
    </message>
    <message>
        <source>Reviewed parts are no random sample ({k} of {n} had been OK): the true escape rate may be higher.</source>
        <translation>Les pièces revues ne sont pas tirées au hasard ({k} sur {n} étaient OK) : le vrai taux de non-détection peut être plus élevé.</translation>
    </message>
    <message>
        <source>No part that was OK has been reviewed: the true escape rate may be higher.</source>
        <translation>Aucune pièce OK n’a été revue : le vrai taux de non-détection peut être plus élevé.</translation>
    </message>
    <message>
        <source>Judged by the limits of the recipe: OK up to {ok}, NG above {ng}</source>
        <translation>Jugé avec les limites de la recette : OK jusqu’à {ok}, rebut au-delà de {ng}</translation>
    </message>
    <message>
        <source>Judged by the model&apos;s own limits: OK up to {ok}, NG above {ng}</source>
        <translation>Jugé avec les limites du modèle : OK jusqu’à {ok}, rebut au-delà de {ng}</translation>
    </message>
    <message>
        <source>The limits {ok} and {ng} were set for model {model} and do not count for {now}.</source>
        <translation>Les limites {ok} et {ng} ont été réglées pour le modèle {model} et ne comptent pas pour {now}.</translation>
    </message>
    <message>
        <source>The OK limit rises, and no defective part has been reviewed: more may escape.</source>
        <translation>La limite OK monte et aucune pièce défectueuse n’a été revue : davantage de défauts peuvent passer.</translation>
    </message>
    <message>
        <source>More defective parts may escape: up to {new} instead of {old} (95 % interval).</source>
        <translation>Davantage de défauts peuvent passer : jusqu’à {new} au lieu de {old} (intervalle à 95 %).</translation>
    </message>
    <message>
        <source>{was} → {would}: {n}</source>
        <translation>{was} → {would} : {n}</translation>
    </message>
</context>
<context>
    <name>ThresholdsPage</name>
    <message>
        <source>Thresholds</source>
        <translation>Seuils</translation>
    </message>
    <message>
        <source>Tab: next limit · ← → move it, with Shift finely, Page ↑ ↓ in large steps</source>
        <translation>Tab : autre limite · ← → la déplacer, avec Maj finement, Page ↑ ↓ à grands pas</translation>
    </message>
    <message>
        <source>Reading …</source>
        <translation>Lecture…</translation>
    </message>
    <message>
        <source>The scores could not be read: {}</source>
        <translation>Les scores n’ont pas pu être lus : {}</translation>
    </message>
    <message>
        <source>Revision {} is in use from the next part on.</source>
        <translation>La révision {} est en service dès la prochaine pièce.</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Annulé</translation>
    </message>
    <message>
        <source>Taken back: revision {} has the limits from before.</source>
        <translation>Annulé : la révision {} reprend les limites d’avant.</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>Pas encore de modèle</translation>
    </message>
    <message>
        <source>Limits belong to a model. Teach this product first, or choose another one.</source>
        <translation>Les limites vont avec un modèle. Faites d’abord l’apprentissage de ce produit, ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Go to Learning</source>
        <translation>Aller à l’apprentissage</translation>
    </message>
    <message>
        <source>Show the Learning page</source>
        <translation>Afficher la page Apprentissage</translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>{start} – {end}</source>
        <translation>{start} – {end}</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Undo (U)</source>
        <translation>Annuler (U)</translation>
    </message>
    <message>
        <source>Undo the last step</source>
        <translation>Annuler la dernière étape</translation>
    </message>
</context>
<context>
    <name>TriggerDesk</name>
    <message>
        <source>TCP trigger</source>
        <translation>Déclenchement TCP</translation>
    </message>
</context>
<context>
    <name>Triggers</name>
    <message>
        <source>No part is inspected: the station is not ready yet.</source>
        <translation>Aucune pièce contrôlée&#xa0;: le poste n’est pas encore prêt.</translation>
    </message>
    <message>
        <source>No part is inspected: start the station first.</source>
        <translation>Aucune pièce contrôlée&#xa0;: démarrez d’abord le poste.</translation>
    </message>
    <message>
        <source>No part is inspected while a product is being taught.</source>
        <translation>Aucune pièce n’est contrôlée pendant l’apprentissage d’un produit.</translation>
    </message>
    <message>
        <source>No part is inspected: all pictures are done.</source>
        <translation>Aucune pièce contrôlée&#xa0;: toutes les images sont traitées.</translation>
    </message>
    <message>
        <source>The product was not changed.</source>
        <translation>Le produit n’a pas été changé.</translation>
    </message>
    <message>
        <source>This is a badge. Log in with it (Ctrl+L).</source>
        <translation>C’est un badge. Utilisez-le pour vous connecter (Ctrl+L).</translation>
    </message>
    <message>
        <source>The next part has the serial number {}.</source>
        <translation>La pièce suivante porte le numéro de série {}.</translation>
    </message>
    <message>
        <source>Part {detail} has the serial number {}.</source>
        <translation>La pièce {detail} porte le numéro de série {}.</translation>
    </message>
    <message>
        <source>{detail} is inspected from now on.</source>
        <translation>Produit contrôlé à partir de maintenant&#xa0;: {detail}.</translation>
    </message>
    <message>
        <source>{detail} is inspected already.</source>
        <translation>{detail} est déjà le produit contrôlé.</translation>
    </message>
    <message>
        <source>The code asks for the product “{detail}”, which this station does not know.</source>
        <translation>Le code demande le produit «&#xa0;{detail}&#xa0;», que ce poste ne connaît pas.</translation>
    </message>
    <message>
        <source>The product cannot be changed while one is being taught.</source>
        <translation>Impossible de changer de produit pendant un apprentissage.</translation>
    </message>
    <message>
        <source>This code cannot be a serial number: it is too long, or part of it cannot be shown.</source>
        <translation>Ce code ne peut pas être un numéro de série&#xa0;: il est trop long ou contient des caractères non affichables.</translation>
    </message>
    <message>
        <source>The code did not arrive whole. Scan it again.</source>
        <translation>Le code est arrivé incomplet. Scannez-le de nouveau.</translation>
    </message>
    <message>
        <source>port {}</source>
        <translation>port {}</translation>
    </message>
    <message>
        <source>port in use</source>
        <translation>port occupé</translation>
    </message>
    <message>
        <source>wrong address</source>
        <translation>adresse inconnue</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>refusé</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>défaut</translation>
    </message>
    <message>
        <source>Triggers are taken on {host}, port {port}.</source>
        <translation>Les déclenchements sont reçus sur {host}, port {port}.</translation>
    </message>
    <message>
        <source>Connections: {}</source>
        <translation>Connexions&#xa0;: {}</translation>
    </message>
    <message>
        <source>No triggers over TCP: another program uses port {port}. End it, or choose another port (menu Station, Triggers).</source>
        <translation>Pas de déclenchement par TCP&#xa0;: un autre programme utilise le port {port}. Fermez-le ou choisissez un autre port (menu Poste, Déclencheurs).</translation>
    </message>
    <message>
        <source>No triggers over TCP: this computer has no address {host}. Choose another one (menu Station, Triggers).</source>
        <translation>Pas de déclenchement par TCP&#xa0;: cet ordinateur n’a pas l’adresse {host}. Choisissez-en une autre (menu Poste, Déclencheurs).</translation>
    </message>
    <message>
        <source>No triggers over TCP: port {port} is not allowed here. Choose one above 1023 (menu Station, Triggers).</source>
        <translation>Pas de déclenchement par TCP&#xa0;: le port {port} n’est pas autorisé ici. Choisissez-en un au-dessus de 1023 (menu Poste, Déclencheurs).</translation>
    </message>
    <message>
        <source>No triggers over TCP: the network of this computer does not let them in on {host}, port {port}.</source>
        <translation>Pas de déclenchement par TCP&#xa0;: le réseau de cet ordinateur ne les laisse pas entrer sur {host}, port {port}.</translation>
    </message>
</context>
<context>
    <name>TriggersDialog</name>
    <message>
        <source>One key of the foot switch cannot do both. Choose two keys.</source>
        <translation>Une même touche de la pédale ne peut pas faire les deux. Choisissez deux touches.</translation>
    </message>
    <message>
        <source>“{}”: write the code, an equals sign and the product.</source>
        <translation>«&#xa0;{}&#xa0;»&#xa0;: écrivez le code, le signe égal et le produit.</translation>
    </message>
    <message>
        <source>“{}”: this station does not know the product.</source>
        <translation>«&#xa0;{}&#xa0;»&#xa0;: ce poste ne connaît pas le produit.</translation>
    </message>
    <message>
        <source>“{}”: this code stands there twice.</source>
        <translation>«&#xa0;{}&#xa0;»&#xa0;: ce code y figure deux fois.</translation>
    </message>
    <message>
        <source>Saved: this counts from now on.</source>
        <translation>Enregistré&#xa0;: valable dès maintenant.</translation>
    </message>
    <message>
        <source>Off: no program can trigger parts.</source>
        <translation>Désactivé&#xa0;: aucun programme ne peut déclencher de pièce.</translation>
    </message>
    <message>
        <source>Triggers</source>
        <translation>Déclencheurs</translation>
    </message>
    <message>
        <source>When a part is inspected</source>
        <translation>Quand une pièce est contrôlée</translation>
    </message>
    <message>
        <source>Barcodes</source>
        <translation>Codes-barres</translation>
    </message>
    <message>
        <source>Trigger over TCP</source>
        <translation>Déclenchement par TCP</translation>
    </message>
    <message>
        <source>&amp;Trigger</source>
        <translation>&amp;Déclencheur</translation>
    </message>
    <message>
        <source>&amp;Interval</source>
        <translation>&amp;Intervalle</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> ms</translation>
    </message>
    <message>
        <source>&amp;Foot switch: inspect one part</source>
        <translation>&amp;Pédale&#xa0;: contrôler une pièce</translation>
    </message>
    <message>
        <source>Foot switch: start or &amp;pause</source>
        <translation>Pédale&#xa0;: dé&amp;marrer ou pause</translation>
    </message>
    <message>
        <source>Take triggers from a PLC or a program</source>
        <translation>Recevoir les déclenchements d’un automate ou d’un programme</translation>
    </message>
    <message>
        <source>&amp;Address (0.0.0.0: the whole plant network)</source>
        <translation>&amp;Adresse (0.0.0.0&#xa0;: tout le réseau de l’usine)</translation>
    </message>
    <message>
        <source>P&amp;ort</source>
        <translation>P&amp;ort</translation>
    </message>
    <message>
        <source>&amp;Barcode scanner on the Inspect page</source>
        <translation>&amp;Lecteur de codes-barres sur la page Contrôle</translation>
    </message>
    <message>
        <source>Read the code in the picture</source>
        <translation>Lire le code dans l’image</translation>
    </message>
    <message>
        <source>It is the part&apos;s serial number where trigger and scanner brought none. The verdict waits for it, but not past its deadline.</source>
        <translation>C’est le numéro de série de la pièce si ni le déclencheur ni le lecteur n’en ont donné. Le verdict l’attend, sans dépasser son délai.</translation>
    </message>
    <message>
        <source>A product&apos;s code begins with</source>
        <translation>Le code d’un produit commence par</translation>
    </message>
    <message>
        <source>Other codes of products, one a line</source>
        <translation>Autres codes de produits, un par ligne</translation>
    </message>
    <message>
        <source>4006381333931 = bottle</source>
        <translation>4006381333931 = bouteille</translation>
    </message>
    <message>
        <source>At regular intervals</source>
        <translation>À intervalles réguliers</translation>
    </message>
    <message>
        <source>On request only: key, foot switch, scanner, TCP</source>
        <translation>Sur demande seulement&#xa0;: touche, pédale, lecteur, TCP</translation>
    </message>
    <message>
        <source>The next picture when the last is answered</source>
        <translation>L’image suivante dès la réponse à la précédente</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Désactivé</translation>
    </message>
    <message>
        <source>The code is the serial number of the next part</source>
        <translation>Le code est le numéro de série de la pièce suivante</translation>
    </message>
    <message>
        <source>The code inspects a part with this serial number</source>
        <translation>Le code contrôle une pièce portant ce numéro de série</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Save the triggers</source>
        <translation>Enregistrer les déclencheurs</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Fermer (Échap)</translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation>Fermer sans enregistrer</translation>
    </message>
</context>
<context>
    <name>UserChip</name>
    <message>
        <source>{name} · {role}</source>
        <translation>{name} · {role}</translation>
    </message>
    <message>
        <source>Switch user, log out (Ctrl+L)</source>
        <translation>Changer d’utilisateur, se déconnecter (Ctrl+L)</translation>
    </message>
    <message>
        <source>No users yet</source>
        <translation>Aucun utilisateur</translation>
    </message>
    <message>
        <source>Everybody may do everything. Press here to create the first administrator.</source>
        <translation>Chacun peut tout faire. Appuyez ici pour créer le premier administrateur.</translation>
    </message>
    <message>
        <source>Not logged in</source>
        <translation>Non connecté</translation>
    </message>
    <message>
        <source>Log in (Ctrl+L)</source>
        <translation>Se connecter (Ctrl+L)</translation>
    </message>
    <message>
        <source>User: {}</source>
        <translation>Utilisateur&#xa0;: {}</translation>
    </message>
</context>
<context>
    <name>UserForm</name>
    <message>
        <source>New user</source>
        <translation>Nouvel utilisateur</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Nom</translation>
    </message>
    <message>
        <source>&amp;Role</source>
        <translation>&amp;Rôle</translation>
    </message>
    <message>
        <source>&amp;PIN, 6 to 12 digits</source>
        <translation>Code &amp;PIN, de 6 à 12 chiffres</translation>
    </message>
    <message>
        <source>New &amp;PIN (empty: keep)</source>
        <translation>Nouveau code &amp;PIN (vide&#xa0;: inchangé)</translation>
    </message>
    <message>
        <source>PIN &amp;again</source>
        <translation>Code PIN à n&amp;ouveau</translation>
    </message>
    <message>
        <source>&amp;Badge: scan it here</source>
        <translation>&amp;Badge&#xa0;: scannez-le ici</translation>
    </message>
    <message>
        <source>New &amp;badge: scan it here</source>
        <translation>Nouveau &amp;badge&#xa0;: scannez-le ici</translation>
    </message>
    <message>
        <source>Name of the user</source>
        <translation>Nom de l’utilisateur</translation>
    </message>
    <message>
        <source>Role of the user</source>
        <translation>Rôle de l’utilisateur</translation>
    </message>
    <message>
        <source>PIN, 6 to 12 digits</source>
        <translation>Code PIN, de 6 à 12 chiffres</translation>
    </message>
    <message>
        <source>The same PIN again</source>
        <translation>Le même code PIN à nouveau</translation>
    </message>
    <message>
        <source>Badge of the user, scanned</source>
        <translation>Badge de l’utilisateur, scanné</translation>
    </message>
    <message>
        <source>Add user</source>
        <translation>Ajouter l’utilisateur</translation>
    </message>
    <message>
        <source>Save changes</source>
        <translation>Enregistrer</translation>
    </message>
    <message>
        <source>Take the badge away</source>
        <translation>Retirer le badge</translation>
    </message>
    <message>
        <source>Deactivate</source>
        <translation>Désactiver</translation>
    </message>
    <message>
        <source>Activate again</source>
        <translation>Réactiver</translation>
    </message>
</context>
<context>
    <name>UsersDialog</name>
    <message>
        <source>The two PINs are not the same.</source>
        <translation>Les deux codes PIN diffèrent.</translation>
    </message>
    <message>
        <source>Nothing has been changed.</source>
        <translation>Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>{} has been saved.</source>
        <translation>{}&#xa0;: enregistré.</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>active</source>
        <translation>actif</translation>
    </message>
    <message>
        <source>deactivated</source>
        <translation>désactivé</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>Utilisateurs</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rôle</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>Code PIN</translation>
    </message>
    <message>
        <source>Badge</source>
        <translation>Badge</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Answered twice</source>
        <translation>Réponses redonnées</translation>
    </message>
    <message>
        <source>New user</source>
        <translation>Nouvel utilisateur</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Fermer (Échap)</translation>
    </message>
    <message>
        <source>Close the list of users</source>
        <translation>Fermer la liste des utilisateurs</translation>
    </message>
    <message>
        <source>&amp;Lock after minutes without input</source>
        <translation>&amp;Verrouillage après inactivité, en minutes</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
    <message>
        <source>Minutes without input until the lock, 0 for never</source>
        <translation>Minutes d’inactivité avant le verrouillage, 0 pour jamais</translation>
    </message>
    <message>
        <source>How often this expert gave the same answer to a part that came twice; κ (Cohen) is 1 for always and 0 for as often as by chance.</source>
        <translation>Combien de fois cet expert a répondu de même à une pièce revenue&#xa0;; κ (Cohen) vaut 1 pour toujours et 0 pour autant que par hasard.</translation>
    </message>
</context>
<context>
    <name>Verdict</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>REBUT</translation>
    </message>
    <message>
        <source>REVIEW</source>
        <translation>À REVOIR</translation>
    </message>
    <message>
        <source>NOT INSPECTED</source>
        <translation>NON CONTRÔLÉE</translation>
    </message>
</context>
<context>
    <name>VerdictBanner</name>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
</context>
<context>
    <name>VerdictTitle</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>NG</source>
        <translation>Rebut</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>À revoir</translation>
    </message>
    <message>
        <source>Not inspected</source>
        <translation>Non contrôlée</translation>
    </message>
</context>
<context>
    <name>VersionFacts</name>
    <message>
        <source>Facts about the chosen model</source>
        <translation>Données du modèle choisi</translation>
    </message>
    <message>
        <source>No model is chosen</source>
        <translation>Aucun modèle choisi</translation>
    </message>
    <message>
        <source>Model {}</source>
        <translation>Modèle {}</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Taught</source>
        <translation>Appris le</translation>
    </message>
    <message>
        <source>Made from</source>
        <translation>Issu de</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Defects</source>
        <translation>Défauts</translation>
    </message>
    <message>
        <source>none named: good parts only</source>
        <translation>aucun nommé : bonnes pièces seules</translation>
    </message>
    <message>
        <source>OK limit</source>
        <translation>Limite OK</translation>
    </message>
    <message>
        <source>NG limit</source>
        <translation>Limite de rebut</translation>
    </message>
    <message>
        <source>measured while it was taught; compare on held-out parts</source>
        <translation>mesurés à l’apprentissage ; comparez sur des pièces réservées</translation>
    </message>
    <message>
        <source>Last activated</source>
        <translation>Dernière activation</translation>
    </message>
    <message>
        <source>Taught from</source>
        <translation>Appris depuis</translation>
    </message>
    <message>
        <source>not known (imported)</source>
        <translation>inconnu (importé)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
</context>
<context>
    <name>VersionModel</name>
    <message>
        <source>● in use</source>
        <translation>● en service</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Taught</source>
        <translation>Appris le</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>OK up to</source>
        <translation>OK jusqu’à</translation>
    </message>
    <message>
        <source>NG above</source>
        <translation>Rebut au-delà de</translation>
    </message>
    <message>
        <source>Made from</source>
        <translation>Issu de</translation>
    </message>
</context>
<context>
    <name>VersionsCard</name>
    <message>
        <source>Model versions</source>
        <translation>Versions du modèle</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>Produit</translation>
    </message>
    <message>
        <source>Activate (Enter)</source>
        <translation>Activer (Entrée)</translation>
    </message>
    <message>
        <source>Activate the chosen version</source>
        <translation>Activer la version choisie</translation>
    </message>
    <message>
        <source>Roll back (R)</source>
        <translation>Revenir en arrière (R)</translation>
    </message>
    <message>
        <source>Roll back to the version used before</source>
        <translation>Revenir à la version utilisée avant</translation>
    </message>
    <message>
        <source>Nothing has been taught yet.</source>
        <translation>Rien n’a encore été appris.</translation>
    </message>
</context>
</TS>
